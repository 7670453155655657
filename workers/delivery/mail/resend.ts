import { type ChannelPorts, type Delivered, deliveredBy, type Mail, postedJson } from "../channel.ts";
import { base64 } from "./mime.ts";

const RESEND = "https://api.resend.com/emails";
const TIMEOUT_MS = 10_000;

/** https://resend.com/docs/api-reference/emails/send-email */
export async function sendByResend(
  key: string,
  { from, mail, fetch }: { from: string; mail: Mail; fetch: ChannelPorts["fetch"] },
): Promise<Delivered> {
  const { to, subject, text, html, picture } = mail;
  const drawn = picture && {
    filename: `${picture.id}.svg`,
    content: base64(picture.svg),
    content_type: "image/svg+xml",
    content_id: picture.id,
  };
  const files = (mail.attachments ?? []).map(({ name, type, content }) => ({
    filename: name,
    content: base64(content),
    content_type: type,
  }));
  const attachments = drawn ? [drawn, ...files] : files;
  const more = { ...(attachments.length > 0 && { attachments }), ...(mail.headers && { headers: mail.headers }) };
  const body = { from, to: [to], subject, text, html, ...more };
  const headers = { authorization: `Bearer ${key}`, ...(mail.key && { "idempotency-key": mail.key.slice(0, 256) }) };
  const request = {
    ...postedJson(body, headers),
    redirect: "manual" as const,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const delivered = await deliveredBy(await fetch(RESEND, request));
  // It is the service that is gone, and not the address.
  return delivered.result === "gone" ? { ...delivered, result: "failed" } : delivered;
}
