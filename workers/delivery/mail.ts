// Mail as the deployment is set up for it: Cloudflare's binding, an HTTP service, or an SMTP server. Whoever calls must be able
// to go on without any.
import type { Delivered, Mail } from "./channel.ts";
import { base64 } from "./mail/mime.ts";
import { sendByResend } from "./mail/resend.ts";
import { type Connect, SmtpRefusal, sendSmtp } from "./mail/smtp.ts";

export interface MailBindings {
  EMAIL?: SendEmail;
  EDGEWISE_MAIL_FROM?: string;
  EDGEWISE_RESEND_KEY?: string;
  EDGEWISE_SMTP_URL?: string;
}

async function byBinding(email: SendEmail, { from, mail }: { from: string; mail: Mail }): Promise<Delivered> {
  const { to, subject, text, html, picture } = mail;
  const drawn = picture && {
    disposition: "inline" as const,
    contentId: picture.id,
    filename: `${picture.id}.svg`,
    type: "image/svg+xml",
    content: base64(picture.svg),
  };
  const files = (mail.attachments ?? []).map(({ name, type, content }) => ({
    disposition: "attachment" as const,
    filename: name,
    type,
    content: base64(content),
  }));
  const attachments = drawn ? [drawn, ...files] : files;
  const more = { ...(attachments.length > 0 && { attachments }), ...(mail.headers && { headers: mail.headers }) };
  await email.send({ from, to, subject, text, ...(html && { html }), ...more });
  return { result: "sent", told: "handed to the mail service" };
}

async function bySmtp(address: string, { from, mail }: { from: string; mail: Mail }): Promise<Delivered> {
  const { connect } = await import("cloudflare:sockets");
  await sendSmtp(address, { mail, from, connect: connect as Connect }); // the platform's, of which less is asked
  return { result: "sent", told: "handed to the mail server" };
}

/** `shown` where no mail is set up here. */
export async function deliverMail(env: MailBindings, mail: Mail): Promise<Delivered> {
  const { EMAIL, EDGEWISE_MAIL_FROM: from, EDGEWISE_RESEND_KEY: key, EDGEWISE_SMTP_URL: address } = env;
  try {
    if (from && EMAIL) return await byBinding(EMAIL, { from, mail });
    if (from && key) return await sendByResend(key, { from, mail, fetch: (url, init) => fetch(url, init) });
    if (from && address) return await bySmtp(address, { from, mail });
    return { result: "shown", told: "no mail is set up here" };
  } catch (error) {
    const isLasting = error instanceof SmtpRefusal && error.lasting;
    return { result: isLasting ? "failed" : "again", told: error instanceof Error ? error.message : String(error) };
  }
}

/** False when no mail is set up here, or it was refused, which is logged: then the reader must get the message another way. */
export async function sendMail(env: MailBindings, mail: Mail): Promise<boolean> {
  const { result, told } = await deliverMail(env, mail);
  if (result !== "sent" && result !== "shown") console.error("mail was not sent:", told);
  return result === "sent";
}
