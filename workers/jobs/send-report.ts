// One report to one recipient.
import type { Delivered } from "../delivery/channel.ts";
import { channels } from "../delivery/channels/index.ts";
import { deliverMail } from "../delivery/mail.ts";
import { sendNote } from "../delivery/send-notice.ts";
import type { ReportDocument } from "../domain/report-document.ts";
import type { Env } from "../env.ts";
import { summaryLines } from "../reports/summary-lines.ts";
import { openAlertChannel, turnOffAlertChannel } from "../store/alert-channels.ts";
import { pushKey } from "../store/push-key.ts";
import type { StoredDelivery, StoredReportFile } from "../store/report-deliveries.ts";
import { folderKey, keepReportFile, readReportFile, sentKey } from "../store/report-files.ts";
import { sealReportLink } from "../store/report-links.ts";
import type { MadeReport, ReportFile } from "./made-report.ts";
import { mailTo, type ReportMail, reportMail, reportPath } from "./report-mail.ts";

export type Sent = Delivered & { files: StoredReportFile[] };

const encoder = new TextEncoder();
const MAIL_PARTS = { html: "report.html", text: "report.txt" } as const;

/** Another mail each time that somebody wants it once more, the same in all tries of one. */
const keyOf = ({ id, turn }: StoredDelivery): string => `report.${id}.${turn}`;

const storedOf = ({ name, format, content }: ReportFile, key: string | null): StoredReportFile => ({
  ...{ name, format, bytes: content.length, key },
});

/** Into the history; null where there is no bucket. What cannot be kept keeps no report from going out. */
async function kept({ LAKE }: Env, key: string, file: ReportFile): Promise<string | null> {
  if (!LAKE) return null;
  try {
    await keepReportFile(LAKE, key, file);
    return key;
  } catch (error) {
    console.error("a file of a report was not kept:", key, error);
    return null;
  }
}

const keptOnce = new WeakMap<MadeReport, Promise<StoredReportFile[]>>();

/** Those that all recipients get, once for all of them. */
function sharedFiles(env: Env, { siteId, scheduleId, dueAt }: StoredDelivery, made: MadeReport) {
  const keep = async () => {
    const of = `${scheduleId}/${dueAt}`;
    return Promise.all(
      (await made.files()).map(async (file) => storedOf(file, await kept(env, sentKey(siteId, of, file.name), file))),
    );
  };
  const known = keptOnce.get(made) ?? keep();
  keptOnce.set(made, known);
  return known;
}

async function mailFiles(env: Env, { siteId, id }: StoredDelivery, mail: ReportMail): Promise<StoredReportFile[]> {
  const parts: ReportFile[] = [
    { name: MAIL_PARTS.html, format: "html", type: "text/html; charset=utf-8", content: encoder.encode(mail.html) },
    { name: MAIL_PARTS.text, format: "text", type: "text/plain; charset=utf-8", content: encoder.encode(mail.text) },
  ];
  return Promise.all(parts.map(async (file) => storedOf(file, await kept(env, sentKey(siteId, id, file.name), file))));
}

/** The mail as it was sent before, where all of it is kept. */
async function keptMail({ LAKE }: Env, { files, turn }: StoredDelivery, subject: string): Promise<ReportMail | null> {
  if (!LAKE || turn === 0 || files.length === 0) return null;
  const read = new Map<string, Uint8Array>();
  for (const { name, key } of files) {
    const content = key === null ? null : await readReportFile(LAKE, key);
    if (!content) return null;
    read.set(name, content);
  }
  const decoded = (name: string) => new TextDecoder().decode(read.get(name));
  const rest = files.filter(({ format }) => format !== "html" && format !== "text");
  const attachments = rest.map(({ name }) => ({ name, type: "application/octet-stream", content: read.get(name)! }));
  return { subject, html: decoded(MAIL_PARTS.html), text: decoded(MAIL_PARTS.text), attachments, left: [] };
}

async function sendMail(
  env: Env,
  delivery: StoredDelivery,
  { to, made }: { to: string; made: MadeReport },
): Promise<Sent> {
  const { siteId, scheduleId, report } = delivery;
  const code = await sealReportLink(env, "unsubscribe", { siteId, scheduleId, email: to });
  const unsubscribe = `${report.origin}/unsubscribe/${code}`;
  const { title, period } = made.document;
  const before = await keptMail(env, delivery, `${title}: ${period.label}`);
  const mail = before ?? (await reportMail(env, delivery, { made, unsubscribe }));
  const delivered = await deliverMail(env, mailTo(to, mail, { unsubscribe, key: keyOf(delivery) }));
  if (delivered.result !== "sent" && delivered.result !== "shown") return { ...delivered, files: [] };
  if (before) return { ...delivered, files: delivery.files };
  return {
    ...delivered,
    files: [...(await mailFiles(env, delivery, mail)), ...(await sharedFiles(env, delivery, made))],
  };
}

async function linkOf(env: Env, delivery: StoredDelivery, section = ""): Promise<string> {
  const { siteId, id, report } = delivery;
  const path = reportPath(delivery);
  return `${report.origin}/r/${await sealReportLink(env, "open", { siteId, deliveryId: id, section, path })}`;
}

/** What a program gets of it. */
const dataOf = ({ site, title, period, comparedWith }: ReportDocument, link: string, lines: readonly string[]) => ({
  ...{ site, title, period, comparedWith, lines, link },
});

async function sendToChannel(env: Env, delivery: StoredDelivery, asked: Asked & { channelId: string }): Promise<Sent> {
  const { siteId, dueAt } = delivery;
  const { made, channelId, now } = asked;
  const channel = await openAlertChannel(env, siteId, channelId);
  if (!channel) return { result: "failed", told: "the channel was removed", files: [] };
  if (channel.off !== "") return { result: "failed", told: `the channel is off: ${channel.off}`, files: [] };
  const { kind, config } = channel;
  // A mailbox gets the report as a person does.
  const mailbox = kind === "email" ? channels.email.config.safeParse(config) : null;
  if (mailbox?.success) return sendMail(env, delivery, { to: mailbox.data.to, made });
  const { document } = made;
  const link = await linkOf(env, delivery);
  const lines = summaryLines(document);
  const note = {
    key: keyOf(delivery),
    type: "report.ready",
    title: `${document.title} (${document.site.name})`,
    body: lines.join("\n"),
    end: document.period.label,
    links: [{ text: "Open", url: link }],
    at: dueAt,
    data: dataOf(document, link, lines),
  };
  const delivered = await sendNote(env, { kind, config, note, pushKey: () => pushKey(env), now });
  if (delivered.result === "gone") await turnOffAlertChannel(env.DB, siteId, { id: channelId, why: delivered.told });
  const isSent = delivered.result === "sent" || delivered.result === "shown";
  return { ...delivered, files: isSent ? await sharedFiles(env, delivery, made) : [] };
}

/** Under the day and hour that they are of, so that none is written over. */
async function putInFolder(
  env: Env,
  delivery: StoredDelivery,
  { made, folder }: Asked & { folder: string },
): Promise<Sent> {
  const { LAKE } = env;
  const { siteId, dueAt, report } = delivery;
  if (!LAKE) return { result: "failed", told: "no bucket is bound here: bind LAKE", files: [] };
  const at = new Date(dueAt).toISOString().slice(0, "2026-11-28T08:00".length).replace(":", "");
  const html = made.isWhole && report.formats.includes("html") ? [await made.html()] : [];
  const files: StoredReportFile[] = [];
  for (const file of [...html, ...(await made.files())]) {
    const key = folderKey(siteId, folder, `${at}-${file.name}`);
    await keepReportFile(LAKE, key, file);
    files.push(storedOf(file, key));
  }
  return { result: "sent", told: `written to ${folder}`, files };
}

interface Asked {
  made: MadeReport;
  now: number;
}

export function sendReport(env: Env, delivery: StoredDelivery, asked: Asked): Promise<Sent> {
  const { recipient } = delivery;
  switch (recipient.to) {
    case "person":
      return sendMail(env, delivery, { to: recipient.email, made: asked.made });
    case "channel":
      return sendToChannel(env, delivery, { ...asked, channelId: recipient.channelId });
    case "bucket":
      return putInFolder(env, delivery, { ...asked, folder: recipient.folder });
    case "role":
      // Planned as the people who have it.
      throw new Error("a role is no address");
  }
}
