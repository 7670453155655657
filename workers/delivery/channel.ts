// What every channel is: a form and a way to tell a message. Whoever calls keeps what is due, and tries again.
import type * as z from "zod";
import type { AlertMessage } from "../domain/alert.ts";

/** `told`: the answer, for people. `shown`: nobody was told, but it can be read in the list of deliveries. */
export type Delivered =
  | { result: "sent" | "shown"; told: string }
  /** `again`: it may go well later. `gone`: nothing should be sent there any more. */
  | { result: "again" | "failed" | "gone"; told: string };

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

export interface ChannelPorts {
  /** Goes to public addresses alone and follows no redirects (`outgoing.ts`). */
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** False where no mail is set up here. */
  mail: (mail: Mail) => Promise<boolean>;
  now: number;
}

export interface Channel<Config> {
  label: string;
  about: string;
  config: z.ZodType<Config>;
  deliver(message: AlertMessage, config: Config, ports: ChannelPorts): Promise<Delivered>;
}

/** What an HTTP answer means for a message: busy and broken servers are asked again, refusals are not. */
export async function deliveredBy(response: Response): Promise<Delivered> {
  const { status, ok } = response;
  const text = (await response.text().catch(() => "")).slice(0, 200);
  const told = text === "" ? `answered ${status}` : `answered ${status}: ${text}`;
  if (ok) return { result: "sent", told: `answered ${status}` };
  if (status === 410) return { result: "gone", told };
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429;
  return { result: isPassing ? "again" : "failed", told };
}

const KIND_TEXT = { firing: "Firing", acknowledged: "Acknowledged", resolved: "Resolved", test: "Test" } as const;

/** `Firing: Too few visits (shop)`. */
export const titleOf = ({ kind, incident, site }: AlertMessage): string =>
  `${KIND_TEXT[kind]}: ${incident.name} (${site.name})`;

export const isoTime = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");
