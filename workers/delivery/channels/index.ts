import { discord } from "./discord.ts";
import { email } from "./email.ts";
import { pagerduty } from "./pagerduty.ts";
import { slack } from "./slack.ts";
import { webhook } from "./webhook.ts";

/** Where alerts can be sent. */
export const channels = { webhook, slack, pagerduty, discord, email } as const;
