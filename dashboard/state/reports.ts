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

async function asked(path: string, init: RequestInit): Promise<Reply<Response>> {
  try {
    const response = await fetch(path, { credentials: "same-origin", ...init });
    if (response.ok) return { ok: true, value: response };
    if (response.status === 401) signedOut();
    const problem: unknown = await response.json().catch(() => null);
    return { ok: false, failure: failureOf(response.status, problem as Partial<Problem> | null) }; // problem+json or nothing
  } catch {
    return { ok: false, failure: OFFLINE };
  }
}

/** As it would be sent by e-mail. */
export async function previewReport(siteId: string, report: NewReport, signal: AbortSignal): Promise<Reply<string>> {
  const reply = await asked(`${reportsPath(siteId)}/preview`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/html" },
    body: JSON.stringify(report),
    signal,
  });
  return reply.ok ? { ok: true, value: await reply.value.text() } : reply;
}

/** What is kept, as a page: for who may not compose. */
export async function loadReportPage(siteId: string, id: string, signal: AbortSignal): Promise<Reply<string>> {
  const reply = await asked(`${reportPath(siteId, id)}/document`, { headers: { accept: "text/html" }, signal });
  return reply.ok ? { ok: true, value: await reply.value.text() } : reply;
}

/** Null when it went well, else what went wrong. */
export async function downloadReport(
  siteId: string,
  { id, name }: Pick<Report, "id" | "name">,
  format: ReportFormat,
): Promise<string | null> {
  const reply = await asked(`${reportPath(siteId, id)}/files/${format}`, {});
  if (!reply.ok) return reply.failure.detail;
  // CSV and Parquet hold a file for each table, packed where there are several.
  const isPacked = reply.value.headers.get("content-type")?.includes("zip") ?? false;
  saveFile(await reply.value.blob(), fileName(name, isPacked && format !== "xlsx" ? "zip" : format));
  return null;
}
