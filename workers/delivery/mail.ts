// Mail by the platform's binding. Whoever calls must be able to go on without it.

import type { Mail } from "./channel.ts";

export interface MailBindings {
  EMAIL?: SendEmail;
  EDGEWISE_MAIL_FROM?: string;
}

/** False when no mail is set up here, or it was refused, which is logged: then the reader must get the message another way. */
export async function sendMail({ EMAIL, EDGEWISE_MAIL_FROM: from }: MailBindings, mail: Mail): Promise<boolean> {
  if (!EMAIL || !from) return false;
  try {
    await EMAIL.send({ from, ...mail });
    return true;
  } catch (error) {
    console.error("mail was not sent:", error);
    return false;
  }
}
