// A message to a channel, whatever happens there.
import type { ChannelPorts, Delivered } from "./channel.ts";
import { deliverMail, type MailBindings } from "./mail.ts";
import { outgoing } from "./outgoing.ts";
import { type ChannelNotice, tellChannel } from "./tell-channel.ts";

export interface DeliveryBindings extends MailBindings {
  EDGEWISE_PRIVATE_CHANNELS?: string;
}

/** Whether channels may lie in the network of the deployment: its owner says so. */
export const allowsPrivate = ({ EDGEWISE_PRIVATE_CHANNELS }: DeliveryBindings): boolean =>
  EDGEWISE_PRIVATE_CHANNELS === "1";

export async function sendNotice(
  env: DeliveryBindings,
  { now, pushKey, ...notice }: ChannelNotice & Pick<ChannelPorts, "now" | "pushKey">,
): Promise<Delivered> {
  const ports: ChannelPorts = {
    fetch: outgoing((url, init) => fetch(url, init), { privateToo: allowsPrivate(env) }),
    mail: (mail) => deliverMail(env, mail),
    pushKey,
    now,
  };
  try {
    return await tellChannel(notice, ports);
  } catch (error) {
    return { result: "again", told: error instanceof Error ? error.message : String(error) };
  }
}
