import type { Channel, ChannelPorts, Delivered, Note, SentMessage } from "./channel.ts";
import { channels } from "./channels/index.ts";
import { cleaned, cleanedNote } from "./cleaned.ts";

export type ChannelKind = keyof typeof channels;

export const isChannelKind = (kind: string): kind is ChannelKind => Object.hasOwn(channels, kind);

export function paysByLength(kind: ChannelKind): boolean {
  const channel: { paysByLength?: true } = channels[kind];
  return channel.paysByLength ?? false;
}

export interface ChannelNotice {
  kind: string;
  config: unknown;
  message: SentMessage;
}

export interface ChannelNote {
  kind: string;
  config: unknown;
  note: Note;
}

/** Whether more than alerts is told there. */
export const tellsNotes = (kind: string): boolean => isChannelKind(kind) && "tell" in channels[kind];

/** As a note, or to a mailbox as a mail. */
export const takesReports = (kind: string): boolean => tellsNotes(kind) || kind === "email";

const UNREADABLE = { result: "failed", told: "the channel's settings cannot be read; make it anew" } as const;

/** A channel by its name, with its settings as its own schema reads them. */
function opened(kind: string, config: unknown): { channel: Channel<unknown>; config: unknown } | Delivered {
  if (!isChannelKind(kind)) return { result: "failed", told: `there is no kind of channel ${kind} any more` };
  // Each channel is given what its own schema has read.
  const channel = channels[kind] as Channel<unknown>;
  const read = channel.config.safeParse(config);
  return read.success ? { channel, config: read.data } : UNREADABLE;
}

/** A message to a channel by its name; throws what the ports throw. */
export async function tellChannel({ kind, config, message }: ChannelNotice, ports: ChannelPorts): Promise<Delivered> {
  const open = opened(kind, config);
  return "result" in open ? open : open.channel.deliver(cleaned(message), open.config, ports);
}

/** What is no alert; throws what the ports throw. */
export async function tellNote({ kind, config, note }: ChannelNote, ports: ChannelPorts): Promise<Delivered> {
  const open = opened(kind, config);
  if ("result" in open) return open;
  const { channel } = open;
  return (
    channel.tell?.(cleanedNote(note), open.config, ports) ?? {
      result: "failed",
      told: `${channel.label} takes alerts alone`,
    }
  );
}
