import { accessLog } from "./access-log.ts";

/** Apache's and nginx's `combined`; fields that follow the user agent are ignored. */
export const combined = accessLog("combined log", { host: false, agents: true });
