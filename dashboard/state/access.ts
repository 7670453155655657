// Who may see this deployment: claiming it, invitations, resets, members, keys and share links.
import type { Action, Role, SiteAction } from "../../workers/domain/access.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type Reply, request } from "./api.ts";
import { sitePath } from "./sites.ts";

export interface Member {
  id: string;
  name: string;
  email: string;
  role: Role;
  scopes: Action[];
  createdAt: number;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  scopes: Action[];
  expiresAt: number;
}

export interface Key {
  id: string;
  label: string;
  scopes: SiteAction[];
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

export interface ShareLink {
  id: string;
  label: string;
  /** The one board that it shows; null where it shows the site. */
  boardId: string | null;
  /** The report that it shows, and nothing else. */
  reportId: string | null;
  hasPassword: boolean;
  link: string;
}

export interface NewShare {
  label: string;
  password: string | null;
  boardId?: string;
  reportId?: string;
  /** Of a report: whether it may be taken as files. */
  files?: boolean;
}

/** A report that a link shows, and as which files. */
export interface SharedReport {
  name: string;
  siteName: string;
  files: string[];
}

/** What a share link leads to. */
export type OpenedShare = { site: Site; boardId: string | null } | { report: SharedReport };

/** What an invitation's link leads to. */
export interface InvitationOffer {
  email: string;
  role: Role;
  team: string;
  isKnown: boolean;
  signedIn: boolean;
}

const V1 = "/api/v1";
const teamPath = (id: string): string => `${V1}/teams/${encodeURIComponent(id)}`;
const part = encodeURIComponent;

export const loadClaim = (): Promise<Reply<{ claimed: boolean }>> => request(`${V1}/claim`, { quiet: true });

export const claim = (send: { token?: string; name: string; email: string; password: string }): Promise<Reply<null>> =>
  request(`${V1}/claim`, { method: "POST", send, quiet: true });

export const askForReset = (email: string): Promise<Reply<null>> =>
  request(`${V1}/password-reset`, { method: "POST", send: { email }, quiet: true });

export const confirmReset = (token: string, password: string): Promise<Reply<null>> =>
  request(`${V1}/password-reset/confirm`, { method: "POST", send: { token, password }, quiet: true });

export const askForLink = (email: string): Promise<Reply<null>> =>
  request(`${V1}/session/link`, { method: "POST", send: { email }, quiet: true });

export const confirmLink = (token: string): Promise<Reply<null>> =>
  request(`${V1}/session/link/confirm`, { method: "POST", send: { token }, quiet: true });

export const loadInvitation = (code: string): Promise<Reply<InvitationOffer>> =>
  request(`${V1}/invitations/${part(code)}`, { quiet: true });

export const acceptInvitation = (code: string, send: { name?: string; password?: string }): Promise<Reply<null>> =>
  request(`${V1}/invitations/${part(code)}`, { method: "POST", send, quiet: true });

export const openShare = (id: string, password?: string): Promise<Reply<OpenedShare>> =>
  request(`${V1}/shares/${part(id)}`, { method: "POST", send: password ? { password } : {}, quiet: true });

export const loadMembers = (team: string): Promise<Reply<{ members: Member[] }>> =>
  request(`${teamPath(team)}/members`);

export const loadInvitations = (team: string): Promise<Reply<{ invitations: Invitation[] }>> =>
  request(`${teamPath(team)}/invitations`);

export const invite = (
  team: string,
  send: { email: string; role: Role },
): Promise<Reply<Invitation & { link: string; mailed: boolean }>> =>
  request(`${teamPath(team)}/invitations`, { method: "POST", send });

export const withdraw = (team: string, id: string): Promise<Reply<null>> =>
  request(`${teamPath(team)}/invitations/${part(id)}`, { method: "DELETE" });

export const changeRole = (team: string, member: string, role: Role): Promise<Reply<Member>> =>
  request(`${teamPath(team)}/members/${part(member)}`, { method: "PATCH", send: { role } });

export const removeMember = (team: string, member: string): Promise<Reply<null>> =>
  request(`${teamPath(team)}/members/${part(member)}`, { method: "DELETE" });

export const makeResetLink = (team: string, member: string): Promise<Reply<{ link: string }>> =>
  request(`${teamPath(team)}/members/${part(member)}/reset-link`, { method: "POST" });

export const loadKeys = (site: string): Promise<Reply<{ keys: Key[] }>> => request(`${sitePath(site)}/keys`);

export const createKey = (
  site: string,
  send: { label: string; scopes: SiteAction[]; expiresAt: number | null },
): Promise<Reply<{ id: string; key: string }>> => request(`${sitePath(site)}/keys`, { method: "POST", send });

export const revokeKey = (site: string, id: string): Promise<Reply<null>> =>
  request(`${sitePath(site)}/keys/${part(id)}`, { method: "DELETE" });

export const loadShares = (site: string): Promise<Reply<{ shares: ShareLink[] }>> =>
  request(`${sitePath(site)}/shares`);

export const createShare = (site: string, send: NewShare): Promise<Reply<ShareLink>> =>
  request(`${sitePath(site)}/shares`, { method: "POST", send });

export const revokeShare = (site: string, id: string): Promise<Reply<null>> =>
  request(`${sitePath(site)}/shares/${part(id)}`, { method: "DELETE" });
