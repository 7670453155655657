import { sendMail } from "../delivery/mail.ts";
import type { AppContext } from "./access.ts";
import { pageOrigin } from "./credentials.ts";

interface MailedLink {
  to: string;
  subject: string;
  /** How the local server's log calls it. */
  what: string;
  /** What the link does and for how long; a line above it. */
  says: string;
  page: "reset" | "sign-in";
  token: string;
}

/** The token stands behind the hash, so that no server's log has it. */
export const linkTo = (c: AppContext, page: MailedLink["page"], token: string): string =>
  `${pageOrigin(c)}/${page}#code=${token}`;

/** Mails a link; without mail it goes to the local server's log. */
export async function mailLink(c: AppContext, { to, subject, what, says, page, token }: MailedLink): Promise<void> {
  const link = linkTo(c, page, token);
  const text = `${says}\n\n${link}\n\nIf you did not ask for it, nothing changes.`;
  const sent = await sendMail(c.env, { to, subject, text });
  if (!sent && c.env.EDGEWISE_LOCAL === "1") console.log(`${what} for ${to}: ${link}`);
}
