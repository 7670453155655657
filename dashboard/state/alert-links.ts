// What the link of an alert leads to, for who is not signed in.
import { type Reply, request } from "./api.ts";

export interface LinkedIncident {
  site: string;
  name: string;
  severity: string;
  reason: string;
  state: "firing" | "acknowledged" | "resolved" | "again";
}

export const lookAtLink = (code: string): Promise<Reply<LinkedIncident>> =>
  request("/api/v1/alert-links", { method: "POST", send: { code }, quiet: true });

export const acknowledgeByLink = (code: string): Promise<Reply<null>> =>
  request("/api/v1/alert-links/acknowledge", { method: "POST", send: { code }, quiet: true });
