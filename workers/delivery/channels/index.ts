import { discord } from "./discord.ts";
import { email } from "./email.ts";
import { opsgenie } from "./opsgenie.ts";
import { pagerduty } from "./pagerduty.ts";
import { push } from "./push.ts";
import { slack } from "./slack.ts";
import { sms } from "./sms.ts";
import { teams } from "./teams.ts";
import { telegram } from "./telegram.ts";
import { webhook } from "./webhook.ts";

/** Where alerts can be sent. */
export const channels = { webhook, slack, teams, discord, telegram, email, sms, push, pagerduty, opsgenie } as const;
