// A message to a channel, whatever happens there.
import type { ChannelPorts, Delivered } from "./channel.ts";
import { deliverMail, type MailBindings } from "./mail.ts";
import { outgoing } from "./outgoing.ts";
import { type ChannelNote, type ChannelNotice, tellChannel, tellNote } from "./tell-channel.ts";

export interface DeliveryBindings extends MailBindings {
  EDGEWISE_PRIVATE_CHANNELS?: string;
}

/** Whether channels may lie in the network of the deployment: its owner says so. */
export const allowsPrivate = ({ EDGEWISE_PRIVATE_CHANNELS }: DeliveryBindings): boolean =>
  EDGEWISE_PRIVATE_CHANNELS === "1";

type Outside = Pick<ChannelPorts, "now" | "pushKey">;

function portsOf(env: DeliveryBindings, { now, pushKey }: Outside): ChannelPorts {
  return {
    fetch: outgoing((url, init) => fetch(url, init), { privateToo: allowsPrivate(env) }),
    mail: (mail) => deliverMail(env, mail),
    pushKey,
    now,
  };
}

const failed = (error: unknown): Delivered => ({
  result: "again",
  told: error instanceof Error ? error.message : String(error),
});

export const sendNotice = (
  env: DeliveryBindings,
  { now, pushKey, ...notice }: ChannelNotice & Outside,
): Promise<Delivered> => tellChannel(notice, portsOf(env, { now, pushKey })).catch(failed);

export const sendNote = (env: DeliveryBindings, { now, pushKey, ...note }: ChannelNote & Outside): Promise<Delivered> =>
  tellNote(note, portsOf(env, { now, pushKey })).catch(failed);
