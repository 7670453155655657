// Who may do what: the words. The rule itself is workers/access/may.ts. Free of zod, so that the dashboard may import it.
import type { SiteId } from "./site.ts";

/**
 * On one site. `export` is raw events, `query` what is counted of them; `define` is what is measured there: goals, funnels,
 * segments, metrics, boards; `audit` is who did what, of a site or a team; `privacy` is what its users may ask for.
 */
export const SITE_ACTIONS = [
  "query",
  "export",
  "define",
  "import",
  "settings",
  "shares",
  "keys",
  "audit",
  "privacy",
] as const;
/** On a team: its members and invitations, making sites in it, and the team itself. */
export const TEAM_ACTIONS = ["members", "sites", "team"] as const;

export type SiteAction = (typeof SITE_ACTIONS)[number];
export type TeamAction = (typeof TEAM_ACTIONS)[number];
export type Action = SiteAction | TeamAction;

export const ACTIONS: readonly Action[] = [...SITE_ACTIONS, ...TEAM_ACTIONS];

export const ROLES = ["owner", "admin", "analyst", "viewer", "custom"] as const;
export type Role = (typeof ROLES)[number];

/** What each role may; a member whose role is `custom` has scopes of its own. */
export const ROLE_ACTIONS: Readonly<Record<Exclude<Role, "custom">, readonly Action[]>> = {
  owner: ACTIONS,
  admin: [...SITE_ACTIONS, "members", "sites"],
  analyst: ["query", "export", "define", "shares"],
  viewer: ["query"],
};

/** The team that every deployment has; sites made without naming a team are its. */
export const MAIN_TEAM = "main";

export interface Membership {
  teamId: string;
  role: Role;
  /** Of the role `custom`; empty for the others. */
  scopes: Action[];
}

export interface Person {
  id: string;
  name: string;
  email: string;
}

/** Who asks. `operator` holds the deployment's own token; `nobody` has shown nothing. */
export type Actor =
  | { kind: "operator" }
  | { kind: "person"; person: Person; memberships: Membership[] }
  | { kind: "key"; id: string; siteId: SiteId; scopes: SiteAction[] }
  | { kind: "share"; id: string; siteId: SiteId; boardId: string | null }
  | { kind: "nobody" };

/** A site belongs to one team; a place without a site is the team itself. */
export interface Place {
  teamId: string;
  siteId?: SiteId;
}
