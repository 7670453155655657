import { refuse } from "../draft.ts";
import { botName } from "../user-agent/bot-name.ts";
import { readUserAgent } from "../user-agent/read-user-agent.ts";
import type { Step } from "./index.ts";

/** Known bots, and clients that send no user agent at all. */
export const dropBots: Step = {
  name: "drop-bots",
  run(_draft, { userAgent }) {
    return readUserAgent(userAgent).bot ? refuse("bot", botName(userAgent)) : undefined;
  },
};
