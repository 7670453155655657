import { webhook } from "./webhook.ts";

/** Where alerts can be sent. */
export const channels = { webhook } as const;
