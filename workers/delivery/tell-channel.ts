import type { Channel, ChannelPorts, Delivered, SentMessage } from "./channel.ts";
import { channels } from "./channels/index.ts";
import { cleaned } from "./cleaned.ts";

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

/** A message to a channel by its name; throws what the ports throw. */
export async function tellChannel({ kind, config, message }: ChannelNotice, ports: ChannelPorts): Promise<Delivered> {
  if (!isChannelKind(kind)) return { result: "failed", told: `there is no kind of channel ${kind} any more` };
  // Each channel is given what its own schema has read.
  const channel = channels[kind] as Channel<unknown>;
  const read = channel.config.safeParse(config);
  if (!read.success) return { result: "failed", told: "the channel's settings cannot be read; make it anew" };
  return channel.deliver(cleaned(message), read.data, ports);
}
