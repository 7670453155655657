// What every channel is: a form and a way to tell a message. Whoever calls keeps what is due, and tries again.
import type * as z from "zod";
import type { AlertMessage } from "../domain/alert.ts";

/** `told`: the answer, for people. `shown`: nobody was told, but it can be read in the list of deliveries. */
export type Delivered =
  | { result: "sent" | "shown"; told: string }
  /** `again`: it may go well later. `gone`: nothing should be sent there any more. */
  | { result: "again" | "failed" | "gone"; told: string };

export interface MailFile {
  name: string;
  /** MIME type. */
  type: string;
  content: Uint8Array;
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Shown within the HTML as `cid:` and its id. */
  picture?: { id: string; svg: string };
  attachments?: readonly MailFile[];
  /** Further headers, such as `List-Unsubscribe`. */
  headers?: Readonly<Record<string, string>>;
  /** The same whenever the same mail is tried again, for services that then send it once. */
  key?: string;
}

export interface ChannelPorts {
  /** Goes to public addresses alone and follows no redirects (`outgoing.ts`). */
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  mail: (mail: Mail) => Promise<Delivered>;
  /** By which push services know this deployment. */
  pushKey: () => Promise<{ publicKey: string; privateKey: string }>;
  now: number;
}

/** With what goes with an alert, as far as it can be told. */
export interface SentMessage extends AlertMessage {
  /** A page where one says that one looks at it, without signing in; empty where nobody can. */
  acknowledge: string;
  /** The metric's last hours; the address needs no sign-in either, and ends. */
  chart: { svg: string; url: string } | null;
  /** The values that most of it came from, a line each. */
  top: readonly string[];
}

/** What is told that is no alert: a report is there. */
export interface Note {
  /** The same whenever the same is told again. */
  key: string;
  /** What a program reads it by: `report.ready`. */
  type: string;
  title: string;
  /** Lines. */
  body: string;
  /** What stands small below it. */
  end: string;
  links: { text: string; url: string }[];
  /** Milliseconds. */
  at: number;
  /** What a program gets of it. */
  data: Readonly<Record<string, unknown>>;
}

export interface Channel<Config> {
  label: string;
  about: string;
  /** What is `writeOnly` in it is never told again; what is `readOnly` nobody types in. */
  config: z.ZodType<Config>;
  /** Whether its messages are paid for by their length: links to charts are then short ones. */
  paysByLength?: true;
  /** The settings to keep when they are changed; `after` when left out. */
  changed?(before: Config, after: Config, now: number): Config;
  deliver(message: SentMessage, config: Config, ports: ChannelPorts): Promise<Delivered>;
  /** Where there is none, only alerts are told there. */
  tell?(note: Note, config: Config, ports: ChannelPorts): Promise<Delivered>;
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

export const postedJson = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

const KIND_TEXT = { firing: "Firing", acknowledged: "Acknowledged", resolved: "Resolved", test: "Test" } as const;

/** `Firing: Too few visits (shop)`. */
export const titleOf = ({ kind, incident, site }: AlertMessage): string =>
  `${KIND_TEXT[kind]}: ${incident.name} (${site.name})`;

/** The reason, and what most of it came from. */
export const bodyOf = ({ incident, top }: SentMessage): string => [incident.reason, ...top].join("\n");

export const isoTime = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");

/** At most so many UTF-16 units, no character in halves. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** What it says, for those who write it as any other. */
export const noteOf = (message: SentMessage): Note => ({
  key: message.key,
  type: `alert.${message.kind}`,
  title: titleOf(message),
  body: bodyOf(message),
  end: `${message.incident.severity} · ${isoTime(message.at)}`,
  links: linksOf(message),
  at: message.at,
  data: {},
});

/** The links of a message that a button can lead to. */
export function linksOf({ acknowledge, link, chart }: SentMessage): { text: string; url: string }[] {
  const links = [
    { text: "Acknowledge", url: acknowledge },
    { text: "Open", url: link },
    { text: "Chart", url: chart?.url ?? "" },
  ];
  return links.filter(({ url }) => url !== "");
}
