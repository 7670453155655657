// The reader's own account.
import { type Reply, request } from "./api.ts";

export interface Me {
  id: string;
  name: string;
  email: string;
  hasPassword: boolean;
}

export interface OwnSession {
  id: string;
  userAgent: string;
  createdAt: number;
  expiresAt: number;
  current: boolean;
}

const ME = "/api/v1/me";

export const loadMe = (): Promise<Reply<Me>> => request(ME);

export const rename = (name: string): Promise<Reply<Me>> => request(ME, { method: "PATCH", send: { name } });

export const changePassword = (send: { password: string; newPassword: string }): Promise<Reply<null>> =>
  request(`${ME}/password`, { method: "POST", send });

export const loadOwnSessions = (): Promise<Reply<{ sessions: OwnSession[] }>> => request(`${ME}/sessions`);

export const endOwnSession = (id: string): Promise<Reply<null>> =>
  request(`${ME}/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });

export const endOtherSessions = (): Promise<Reply<null>> => request(`${ME}/sessions`, { method: "DELETE" });

export const deleteMe = (email: string): Promise<Reply<null>> => request(ME, { method: "DELETE", send: { email } });

const BROWSERS: [RegExp, string][] = [
  [/\bEdg/, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\//, "Firefox"],
  [/Chrom(e|ium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** `Firefox on Linux`, as far as the user agent tells. */
export function deviceText(userAgent: string): string {
  const known = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [known(BROWSERS), known(SYSTEMS)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? "Unknown device";
}
