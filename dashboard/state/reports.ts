// Reports: sections over a period that a team composes, and what the API makes of them.
import type { Problem } from "../../workers/domain/errors.ts";
import type { NewReport, Report, ReportFormat } from "../../workers/domain/report.ts";
import { failureOf, OFFLINE, type Reply, request, signedOut } from "./api.ts";
import { fileName, saveFile } from "./download.ts";
import { sitePath } from "./sites.ts";

/** A report to begin with. */
export interface ReportTemplate {
  name: string;
  label: string;
  about: string;
  /** Labels of the packs that it goes with. */
  packs: string[];
  report: NewReport;
}

/** A report in a list: how many sections it has, not which. */
export type ListedReport = Pick<
  Report,
  "id" | "name" | "about" | "visibility" | "createdBy" | "createdAt" | "updatedAt"
> & { sections: number };

export const REPORT_FILES = [
  { format: "pdf", label: "PDF" },
  { format: "xlsx", label: "Excel" },
  { format: "csv", label: "CSV" },
  { format: "parquet", label: "Parquet" },
  { format: "html", label: "HTML" },
] as const satisfies readonly { format: ReportFormat; label: string }[];

const part = encodeURIComponent;
const reportsPath = (siteId: string): string => `${sitePath(siteId)}/reports`;
const reportPath = (siteId: string, id: string): string => `${reportsPath(siteId)}/${part(id)}`;

export const loadReports = (siteId: string): Promise<Reply<{ reports: ListedReport[] }>> =>
  request(reportsPath(siteId));
export const loadReport = (siteId: string, id: string): Promise<Reply<Report>> => request(reportPath(siteId, id));
export const loadReportTemplates = (siteId: string): Promise<Reply<{ templates: ReportTemplate[] }>> =>
  request(`${sitePath(siteId)}/report-templates`);
export const makeReport = (siteId: string, report: Partial<NewReport> & { name: string }): Promise<Reply<Report>> =>
  request(reportsPath(siteId), { method: "POST", send: report });
export const saveReport = (siteId: string, base: Report, report: NewReport): Promise<Reply<Report>> =>
  request(reportPath(siteId, base.id), { method: "PUT", version: base.version, send: report });
export const removeReport = (siteId: string, id: string): Promise<Reply<null>> =>
  request(reportPath(siteId, id), { method: "DELETE" });

/** The name of a copy fits where names do. */
export const copyReport = (siteId: string, report: NewReport): Promise<Reply<Report>> =>
  makeReport(siteId, { ...report, name: `${report.name.slice(0, 110)} (copy)`, visibility: "private" });

/** Failed too where what it answered breaks off, or is not waited for any more. */
async function asked<Read>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<Read>,
): Promise<Reply<Read>> {
  try {
    const response = await fetch(path, { credentials: "same-origin", ...init });
    if (response.ok) return { ok: true, value: await read(response) };
    if (response.status === 401) signedOut();
    const problem: unknown = await response.json().catch(() => null);
    return { ok: false, failure: failureOf(response.status, problem as Partial<Problem> | null) }; // problem+json or nothing
  } catch {
    return { ok: false, failure: OFFLINE };
  }
}

const asText = (response: Response): Promise<string> => response.text();

/** As it would be sent by e-mail. */
export function previewReport(siteId: string, report: NewReport, signal: AbortSignal): Promise<Reply<string>> {
  const headers = { "content-type": "application/json", accept: "text/html" };
  return asked(
    `${reportsPath(siteId)}/preview`,
    { method: "POST", headers, body: JSON.stringify(report), signal },
    asText,
  );
}

const pageAt = (path: string, signal: AbortSignal): Promise<Reply<string>> =>
  asked(path, { headers: { accept: "text/html" }, signal }, asText);

/** What is kept, as a page: for who may not compose. */
export const loadReportPage = (siteId: string, id: string, signal: AbortSignal): Promise<Reply<string>> =>
  pageAt(`${reportPath(siteId, id)}/document`, signal);

const sharedPath = (share: string): string => `/api/v1/shares/${part(share)}/report`;
/** What a share link shows. */
export const loadSharedPage = (share: string, signal: AbortSignal): Promise<Reply<string>> =>
  pageAt(sharedPath(share), signal);

async function downloaded(path: string, { name, format }: TakenFile): Promise<string | null> {
  const reply = await asked(`${path}/files/${format}`, {}, async (response) => ({
    // CSV and Parquet hold a file for each table, packed where there are several.
    isPacked: response.headers.get("content-type")?.includes("zip") ?? false,
    blob: await response.blob(),
  }));
  if (!reply.ok) return reply.failure.detail;
  const { isPacked, blob } = reply.value;
  saveFile(blob, fileName(name, isPacked && format !== "xlsx" ? "zip" : format));
  return null;
}

interface TakenFile {
  /** Of the report. */
  name: string;
  format: ReportFormat;
}

/** Null when it went well, else what went wrong. */
export const downloadReport = (siteId: string, id: string, file: TakenFile): Promise<string | null> =>
  downloaded(reportPath(siteId, id), file);
export const downloadShared = (share: string, file: TakenFile): Promise<string | null> =>
  downloaded(sharedPath(share), file);
