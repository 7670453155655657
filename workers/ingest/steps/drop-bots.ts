import { refuse } from "../draft.ts";
import { readUserAgent } from "../user-agent/read-user-agent.ts";
import type { Step } from "./index.ts";

/** Known bots, and clients that send no user agent at all. */
export const dropBots: Step = {
  name: "drop-bots",
  run: (_draft, facts) => (readUserAgent(facts.userAgent).bot ? refuse("bot") : undefined),
};
