// The one rule of access: who may do what, where. Every door asks it, and nothing else decides.
import {
  type Action,
  type Actor,
  type Membership,
  type Place,
  ROLE_ACTIONS,
  SITE_ACTIONS,
  type SiteAction,
} from "../domain/access.ts";

/** `unseen` is answered as if the place were not there, `no` says what is lacking. */
export type Verdict = "yes" | "no" | "unseen";

export const isSiteAction = (action: Action): action is SiteAction =>
  SITE_ACTIONS.some((siteAction) => siteAction === action);

export function actionsOf({ role, scopes }: Membership): readonly Action[] {
  return role === "custom" ? scopes : ROLE_ACTIONS[role];
}

export function may(actor: Actor, action: Action, place: Place): Verdict {
  switch (actor.kind) {
    case "operator":
      return "yes";
    case "person": {
      const membership = actor.memberships.find(({ teamId }) => teamId === place.teamId);
      if (!membership) return "unseen";
      return actionsOf(membership).includes(action) ? "yes" : "no";
    }
    case "key":
      if (place.siteId !== actor.siteId) return "unseen";
      return isSiteAction(action) && actor.scopes.includes(action) ? "yes" : "no";
    case "share":
      if (place.siteId !== actor.siteId) return "unseen";
      return action === "query" ? "yes" : "no";
    case "nobody":
      return "unseen";
  }
}

/** Several proofs may come with one request, a session and a share link: the best counts. */
export function anyMay(actors: readonly Actor[], action: Action, place: Place): Verdict {
  const verdicts = actors.map((actor) => may(actor, action, place));
  if (verdicts.includes("yes")) return "yes";
  return verdicts.includes("no") ? "no" : "unseen";
}

/** Nobody may give away more than they hold: what of `wanted` the actor lacks at that place. */
export function beyond(actors: readonly Actor[], wanted: readonly Action[], place: Place): Action[] {
  return wanted.filter((action) => anyMay(actors, action, place) !== "yes");
}
