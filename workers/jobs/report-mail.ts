// A report as a mail: read at once, with its files, and with a way to stop it that works without signing in.
import type { Mail, MailFile } from "../delivery/channel.ts";
import type { ReportDocument } from "../domain/report-document.ts";
import type { Env } from "../env.ts";
import { htmlOf } from "../reports/formats/html.ts";
import { textOf } from "../reports/plain-text.ts";
import { summaryLines } from "../reports/summary-lines.ts";
import type { StoredDelivery } from "../store/report-deliveries.ts";
import { sealReportLink } from "../store/report-links.ts";
import type { MadeReport } from "./made-report.ts";

/** What most servers take, after base64 has made a third more of it. */
const MOST_BYTES = 7_000_000;

const keyOf = (path: string, section: string): string => JSON.stringify([path, section]);

/** Every link that a document can have. */
function linksIn({ parts }: ReportDocument): { path: string; section: string }[] {
  return parts.flatMap(({ id, path, blocks }) => {
    const own = path === null ? [] : [{ path, section: id }];
    const items = blocks.flatMap((block) => (block.kind === "list" ? block.items : []));
    return [...own, ...items.flatMap(({ link }) => (link === null ? [] : [{ path: link, section: id }]))];
  });
}

export type LinkTo = (path: string, section: string) => string;

/** Each link is the reader's own: whoever follows it has opened the report. */
export async function countedLinks(
  env: Env,
  { siteId, id, report }: Pick<StoredDelivery, "siteId" | "id" | "report">,
  document: ReportDocument,
): Promise<LinkTo> {
  const sealed = new Map<string, string>();
  for (const { path, section } of linksIn(document)) {
    const key = keyOf(path, section);
    if (sealed.has(key)) continue;
    const code = await sealReportLink(env, "open", { siteId, deliveryId: id, section, path });
    sealed.set(key, `${report.origin}/r/${code}`);
  }
  return (path, section) => sealed.get(keyOf(path, section)) ?? report.origin + path;
}

/** The first lines, where the whole is in the files or behind the link. */
export function briefOf(document: ReportDocument, path: string): ReportDocument {
  const blocks = summaryLines(document).map((text) => ({ kind: "paragraph" as const, text }));
  return { ...document, parts: [{ id: "", title: "", blocks, path, breaksPage: false }] };
}

export const reportPath = ({ siteId, report }: Pick<StoredDelivery, "siteId" | "report">): string =>
  `/sites/${encodeURIComponent(siteId)}/reports${report.reportId === null ? "" : `/${encodeURIComponent(report.reportId)}`}`;

/** What a mail server would refuse is left out, and said. */
function attached(files: readonly MailFile[]): { attachments: MailFile[]; left: string[] } {
  const attachments: MailFile[] = [];
  const left: string[] = [];
  let bytes = 0;
  for (const { name, type, content } of files) {
    bytes += content.length;
    if (bytes > MOST_BYTES) left.push(name);
    else attachments.push({ name, type, content });
  }
  return { attachments, left };
}

export interface ReportMail {
  subject: string;
  text: string;
  html: string;
  attachments: MailFile[];
  /** Names of files that are too large for a mail. */
  left: string[];
}

export async function reportMail(
  env: Env,
  delivery: StoredDelivery,
  { made, unsubscribe }: { made: MadeReport; unsubscribe: string },
): Promise<ReportMail> {
  const { document, isWhole } = made;
  const { attachments, left } = attached(await made.files());
  const asHtml = isWhole && delivery.report.formats.includes("html");
  const shown = asHtml ? document : briefOf(document, reportPath(delivery));
  const missing = left.map((name) => `${name} is too large for a mail: it is in the history of reports.`);
  const blocks = missing.map((text) => ({ kind: "problem" as const, text }));
  const last = { id: "", title: "", blocks, path: null, breaksPage: false };
  const whole = missing.length === 0 ? shown : { ...shown, parts: [...shown.parts, last] };
  const linkTo = await countedLinks(env, delivery, whole);
  return {
    subject: `${document.title}: ${document.period.label}`,
    text: textOf(whole, { linkTo, unsubscribe }),
    html: htmlOf(whole, { forMail: true, linkTo, unsubscribe }),
    attachments,
    left,
  };
}

/** One-click as RFC 8058 says: mail programs show a button of their own. */
export function mailTo(
  to: string,
  { subject, text, html, attachments }: Omit<ReportMail, "left">,
  about: { unsubscribe: string; key: string },
): Mail {
  const headers = {
    "List-Unsubscribe": `<${about.unsubscribe}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
  return { to, subject, text, html, headers, key: about.key, ...(attachments.length > 0 && { attachments }) };
}
