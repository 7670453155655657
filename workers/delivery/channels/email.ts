import * as z from "zod";
import { type Channel, isoTime, titleOf } from "../channel.ts";

const config = z.strictObject({ to: z.email().max(254).meta({ title: "Address" }) });

/** By the mail that this deployment sends invitations with. */
export const email: Channel<z.infer<typeof config>> = {
  label: "E-mail",
  about: "By the mail that this deployment is set up with. Without any, messages are listed under Deliveries alone.",
  config,
  async deliver(message, { to }, { mail }) {
    const { incident, at, link } = message;
    const lines = [incident.reason, "", `Severity: ${incident.severity}`, `Time: ${isoTime(at)}`, link];
    const sent = await mail({ to, subject: titleOf(message), text: lines.join("\n").trim() });
    return sent
      ? { result: "sent", told: "handed to the mail service" }
      : { result: "shown", told: "no mail is set up here, or it was refused" };
  },
};
