// A message to a channel by its name, whatever happens there.
import type { AlertMessage } from "../domain/alert.ts";
import type { Channel, ChannelPorts, Delivered } from "./channel.ts";
import { channels } from "./channels/index.ts";
import { type MailBindings, sendMail } from "./mail.ts";
import { outgoing } from "./outgoing.ts";

export type ChannelKind = keyof typeof channels;

export const isChannelKind = (kind: string): kind is ChannelKind => Object.hasOwn(channels, kind);

export interface DeliveryBindings extends MailBindings {
  EDGEWISE_PRIVATE_CHANNELS?: string;
}

/** Whether channels may lie in the network of the deployment: its owner says so. */
export const allowsPrivate = ({ EDGEWISE_PRIVATE_CHANNELS }: DeliveryBindings): boolean =>
  EDGEWISE_PRIVATE_CHANNELS === "1";

export async function sendNotice(
  env: DeliveryBindings,
  { kind, config, message, now }: { kind: string; config: unknown; message: AlertMessage; now: number },
): Promise<Delivered> {
  if (!isChannelKind(kind)) return { result: "failed", told: `there is no kind of channel ${kind} any more` };
  // Each channel is given what its own schema has read.
  const channel = channels[kind] as Channel<unknown>;
  const read = channel.config.safeParse(config);
  if (!read.success) return { result: "failed", told: "the channel's settings cannot be read; make it anew" };
  const ports: ChannelPorts = {
    fetch: outgoing((url, init) => fetch(url, init), { privateToo: allowsPrivate(env) }),
    mail: (mail) => sendMail(env, mail),
    now,
  };
  try {
    return await channel.deliver(message, read.data, ports);
  } catch (error) {
    return { result: "again", told: error instanceof Error ? error.message : String(error) };
  }
}
