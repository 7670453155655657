// Schedules of reports under test: a mail service that writes down what it is sent, and the job that sends.
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { Env } from "../../workers/env.ts";
import { sendReports } from "../../workers/jobs/send-reports.ts";
import { setClock } from "./worker.ts";

export const MINUTE_MS = 60_000;

export interface SentMail {
  /** By which the service sends one mail once. */
  key: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  attachments: { filename: string; content: string }[];
}

export interface Asked {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Stands in for whoever is sent something; all that was asked of it. `answer` may throw, as a broken connection does. */
export function receiving(answer: (asked: Asked) => Response | Promise<Response> = () => new Response("ok")): Asked[] {
  const received: Asked[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as string, init as RequestInit); // as channels call it
    const asked = { url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() };
    received.push(asked);
    return answer(asked);
  });
  return received;
}

export function mailOf({ headers, body }: Asked): SentMail {
  const { to, ...rest } = JSON.parse(body) as Omit<SentMail, "key" | "to"> & { to: string[] }; // as Resend takes it
  return { ...rest, attachments: rest.attachments ?? [], to: to[0] ?? "", key: headers["idempotency-key"] ?? "" };
}

export const WITH_MAIL = { EDGEWISE_RESEND_KEY: "re_key", EDGEWISE_MAIL_FROM: "Edgewise <reports@edge.example>" };

/** The job as cron rings it at that moment. */
export async function ring(now: number, settings: Partial<Env> = {}): Promise<void> {
  setClock(now);
  await sendReports.run({ ...env, ...WITH_MAIL, ...settings } as Env, now); // the same bindings
}
