import { accessLog } from "./access-log.ts";

/** NCSA common log: no referrer, no user agent, so a visitor is an address. */
export const ncsa = accessLog("common log", { host: false, agents: false });
