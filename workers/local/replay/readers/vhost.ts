import { accessLog } from "./access-log.ts";

/** Apache's `vhost_combined`: the host, with or without its port, stands first. */
export const vhost = accessLog("combined log with host", { host: true, agents: true });
