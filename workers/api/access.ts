// Who asks, and whether they may: a door names an action, workers/access/may.ts decides, and this answers.
import type { Context } from "hono";
import { anyMay, may } from "../access/may.ts";
import {
  type Action,
  type Actor,
  MAIN_TEAM,
  type Person,
  type Place,
  type SiteAction,
  type TeamAction,
} from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Site, SiteId } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { findApiKey, needsUseNoted, noteKeyUse } from "../store/api-keys.ts";
import { heldAMoment } from "../store/held-a-moment.ts";
import { findSession } from "../store/people.ts";
import { findShare, type Share } from "../store/shares.ts";
import { findSite } from "../store/sites.ts";
import { findTeam, type Team } from "../store/teams.ts";
import { accessActor } from "./cloudflare-access.ts";
import { giveCookie, readCookie } from "./cookies.ts";
import { later } from "./later.ts";
import { admitToSite } from "./quota.ts";
import { admit } from "./rate-limit.ts";

export type AppContext = Context<{ Bindings: Env }>;

/** Marks a person's session in the cookie; the operator's holds but the time of its end. */
const PERSON = "person-";
const encoder = new TextEncoder();

/** Never of an empty one. */
export async function sameSecret(given: string, real: string): Promise<boolean> {
  if (!real) return false;
  // Equal lengths for timingSafeEqual, and nothing learned from the length of the token.
  const [a, b] = await Promise.all([given, real].map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text))));
  return a !== undefined && b !== undefined && crypto.subtle.timingSafeEqual(a, b);
}

/** Throws unless it is the deployment's own token. */
export async function checkOperatorToken(c: AppContext, token: string): Promise<void> {
  if (await sameSecret(token, c.env.ADMIN_TOKEN)) return;
  throw new AppError("unauthorized", "the token is not right; the server printed it at its first start");
}

export const giveOperatorSession = (c: AppContext): Promise<void> =>
  giveCookie(c, "edgewise_session", { value: String });

export const givePersonSession = (c: AppContext, token: string): Promise<void> =>
  giveCookie(c, "edgewise_session", { value: () => PERSON + token });

const shareValue = (shareId: string) => (expires: number) => `${shareId}-${expires}`;
/** The id of the share link that a cookie opens; null once it has ended. */
async function shareOpened(c: AppContext, name: "edgewise_share" | "edgewise_report"): Promise<string | null> {
  const [id = "", expires] = (await readCookie(c, name))?.split("-") ?? [];
  return Number(expires) >= Date.now() ? id : null;
}

/** Of a link to a report, whose cookie goes to its own doors alone; of others, to all. */
export function giveShareSession(c: AppContext, { id, reportId }: Share): Promise<void> {
  if (reportId === null) return giveCookie(c, "edgewise_share", { value: shareValue(id) });
  return giveCookie(c, "edgewise_report", { value: shareValue(id), path: `/api/v1/shares/${id}` });
}

/** Whether a link to a report was opened: one without a password always is. */
export const isReportOpened = async (c: AppContext, { id, passwordHash }: Share): Promise<boolean> =>
  passwordHash === null || (await shareOpened(c, "edgewise_report")) === id;

/** The token of the person's session that the request carries. */
export async function sessionToken(c: AppContext): Promise<string | null> {
  const value = await readCookie(c, "edgewise_session");
  return value?.startsWith(PERSON) ? value.slice(PERSON.length) : null;
}

/** A page of another origin may not act with what the reader's browser adds by itself. */
export function refuseForeignOrigin(c: AppContext): void {
  const origin = c.req.header("origin");
  if (!origin || origin === new URL(c.req.url).origin) return;
  // Behind a proxy that ends TLS the schemes differ. An origin may have no host: `null` is one.
  const host = URL.parse(origin)?.host;
  if (host && host === c.req.header("host")) return;
  throw new AppError("forbidden", "requests with a session must come from the dashboard's own origin");
}

const readerBy = ({ id, siteId, boardId }: Share): Actor => ({ kind: "share", id, siteId, boardId });
/** A link to a report makes nobody a reader of the site. */
const actorOf = (share: Share): Actor | null => (share.reportId === null ? readerBy(share) : null);

async function bearerActor(c: AppContext, bearer: string): Promise<Actor> {
  if (await sameSecret(bearer, c.env.ADMIN_TOKEN)) return { kind: "operator" };
  const now = Date.now();
  if (bearer.startsWith("ews_")) {
    const share = await findShare(c.env.DB, bearer);
    const actor = share?.passwordHash === null ? actorOf(share) : null;
    if (actor) return actor;
  } else {
    const key = await findApiKey(c.env.DB, bearer, now);
    if (key && needsUseNoted(key, now)) later(c, noteKeyUse(c.env.DB, key, now));
    if (key) return { kind: "key", id: key.id, siteId: key.siteId, scopes: key.scopes };
  }
  await admit(c, { kind: "nobody" });
  throw new AppError("unauthorized", "the token or key is not known; it may have been revoked or have expired");
}

async function sessionActor(c: AppContext): Promise<Actor | null> {
  const value = await readCookie(c, "edgewise_session");
  if (!value) return accessActor(c);
  if (value.startsWith(PERSON)) return findSession(c.env.DB, value.slice(PERSON.length), Date.now());
  return Number(value) >= Date.now() ? { kind: "operator" } : null;
}

async function shareActor(c: AppContext): Promise<Actor | null> {
  const id = await shareOpened(c, "edgewise_share");
  const share = id && (await heldAMoment(`share ${id}`, () => findShare(c.env.DB, id)));
  return share ? actorOf(share) : null;
}

async function identify(c: AppContext): Promise<Actor[]> {
  const bearer = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (bearer !== undefined) return [await bearerActor(c, bearer)];
  const found = await Promise.all([sessionActor(c), shareActor(c)]);
  const actors = found.filter((actor) => actor !== null);
  if (actors.length > 0) refuseForeignOrigin(c);
  return actors;
}

const asking = new WeakMap<Request, Promise<Actor[]>>();

/** From here on the request is a share link's alone, and counts as such: for doors that answer nothing but what it shows. */
export function readAsShare(c: AppContext, share: Share): void {
  asking.set(c.req.raw, Promise.resolve([readerBy(share)]));
}

/** All that the request shows of who asks; empty for nobody. */
export function askers(c: AppContext): Promise<Actor[]> {
  const known = asking.get(c.req.raw);
  if (known) return known;
  const found = identify(c);
  asking.set(c.req.raw, found);
  return found;
}

/** The same, throwing for nobody and for those who ask too often. */
export async function knownAskers(c: AppContext): Promise<Actor[]> {
  const actors = await askers(c);
  const [first] = actors;
  await admit(c, first ?? { kind: "nobody" });
  if (first) return actors;
  throw new AppError("unauthorized", "sign in, or send Authorization: Bearer with the admin token or a key");
}

/** Whether the place is there for those who ask; throws when they see it and may not. */
async function passes(c: AppContext, action: Action, place: Place): Promise<boolean> {
  const verdict = anyMay(await knownAskers(c), action, place);
  if (verdict === "no") throw new AppError("forbidden", `this needs the scope ${action}; ask an admin of the team`);
  return verdict === "yes";
}

const letIn = new WeakMap<Request, Actor[]>();
/** Those of the askers who may do by themselves what the request does at the site, once it was let through. */
export const actorsLetIn = (c: AppContext): readonly Actor[] => letIn.get(c.req.raw) ?? [];

const placesAsked = new WeakMap<Request, Place>();
/** What the request was about, once it was let through. */
export const placeAsked = (c: AppContext): Place | undefined => placesAsked.get(c.req.raw);
export const siteAsked = (c: AppContext): SiteId | undefined => placeAsked(c)?.siteId;

/** The site, at most a second old where it is only asked; null when there is none or it is another team's, which nobody can tell apart. */
export async function siteAt(c: AppContext, id: SiteId, action: SiteAction): Promise<Site | null> {
  const actors = await knownAskers(c);
  const read = () => findSite(c.env.DB, id);
  const site = await (action === "query" ? heldAMoment(`site ${id}`, read) : read());
  const place = site && { siteId: site.id, teamId: site.teamId };
  if (!place || !(await passes(c, action, place))) return null;
  placesAsked.set(c.req.raw, place);
  letIn.set(
    c.req.raw,
    actors.filter((actor) => may(actor, action, place) === "yes"),
  );
  await admitToSite(c, site, actors);
  return site;
}

/** The team that the path names. */
export async function teamOf(c: AppContext, action: TeamAction | "audit"): Promise<Team> {
  await knownAskers(c);
  const id = c.req.param("team") ?? "";
  const team = await findTeam(c.env.DB, id);
  if (team && (await passes(c, action, { teamId: team.id }))) {
    placesAsked.set(c.req.raw, { teamId: team.id });
    return team;
  }
  throw new AppError("not_found", `there is no team ${id}`);
}

/** Who has signed in as themself. */
export async function personOf(c: AppContext): Promise<Person> {
  const actors = await knownAskers(c);
  const actor = actors.find(({ kind }) => kind === "person");
  if (actor?.kind === "person") return actor.person;
  throw new AppError("forbidden", "this needs a person who has signed in; a token, key or share link is nobody");
}

export async function isOperator(c: AppContext): Promise<boolean> {
  return (await askers(c)).some(({ kind }) => kind === "operator");
}

/** For looking at how the system is: who may see the acts of the deployment's own team. */
export async function requireSystem(c: AppContext): Promise<void> {
  if (anyMay(await knownAskers(c), "audit", { teamId: MAIN_TEAM }) === "yes") return;
  throw new AppError("forbidden", `this needs an owner or admin of the team ${MAIN_TEAM}`);
}

/** For what concerns the whole deployment. */
export async function requireOperator(c: AppContext): Promise<void> {
  await knownAskers(c);
  if (!(await isOperator(c))) throw new AppError("forbidden", "this needs the deployment's own token");
}
