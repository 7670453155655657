// Every request that changed something enters the audit trail before it is answered; the route says where it does not. The
// handler may tell what was before and after, whom it was about when that is not in the path, and reads that are to be told.
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import type { Actor, Person } from "../domain/access.ts";
import type { Act } from "../domain/audit.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { appendAudit } from "../store/audit.ts";
import { originHash } from "../store/audit-link.ts";
import { dropHeld } from "../store/held-a-moment.ts";
import { auditKey } from "../store/secrets.ts";
import { type AppContext, actorsLetIn, askers, placeAsked } from "./access.ts";
import { actorName, personName } from "./actor-name.ts";
import { toldChange } from "./audit-change.ts";
import { edgeFacts } from "./edge-facts.ts";
import { type Operation, operationAsked } from "./operation.ts";

export interface Change {
  /** As it was and as it is: of two objects, what differs is told. What names a person or a secret is left out. */
  before?: unknown;
  after?: unknown;
  /** Who acted, where the request does not show it: whose session was just begun. */
  actor?: Actor | { kind: "person"; person: Pick<Person, "id"> };
  /** A person whom it concerned, by id, where the path does not name them. */
  about?: string;
  /** A try that was refused and is to be told, such as a wrong password. */
  refused?: boolean;
  teamId?: string;
  siteId?: string;
  /** The id of what was made, behind the path. */
  made?: string | number;
}

const noted = new WeakMap<Request, Change>();

/** Tells the trail more of what the request does, and that it is to be told at all. */
export function recordChange(c: AppContext, change: Change = {}): void {
  noted.set(c.req.raw, { ...noted.get(c.req.raw), ...change });
}

/** Names in a path that open something or are a visitor's. */
const PRIVATE_NAMES = ["token", "share", "userId"];

/** The path as the request has it, but for what is private in it. */
function targetOf(c: AppContext, pattern: string, made: Change["made"]): string {
  const given = c.req.path.split("/");
  const shown = pattern.split("/").map((part, place) => {
    return PRIVATE_NAMES.includes(part.slice(1).replace(/\W.*$/, "")) && part.startsWith(":")
      ? "(private)"
      : (given[place] ?? "");
  });
  const path = shown.join("/").replace(/(?<=.)\/$/, "");
  return made === undefined ? path : `${path}/${made}`;
}

/** The pattern of the route that answers. */
function patternOf(c: AppContext): string {
  const route = matchedRoutes(c).find(({ method }) => method === c.req.method);
  return (route?.path ?? c.req.path).replace(/(?<=.)\/$/, "");
}

const isRead = (method: string): boolean => method === "GET" || method === "HEAD";

/** Whether a success is told without the handler's word. What needs nothing anybody can do, as often as they like. */
export function isToldByItself(method: string, { audit, needs }: Operation): boolean {
  return audit === "yes" || (audit === undefined && !isRead(method) && needs !== "nothing");
}

function isTold(c: AppContext, operation: Operation, change: Change | undefined): boolean {
  if (c.res.status >= 400) return change?.refused ?? (operation.audit === "tries" && c.res.status === 401);
  return change ? !change.refused : isToldByItself(c.req.method, operation);
}

const nameOf = (actor: NonNullable<Change["actor"]>): string =>
  actor.kind === "person" ? personName(actor.person.id) : actorName(actor);

async function actOf(c: AppContext, { summary }: Operation, change: Change): Promise<Act> {
  const pattern = patternOf(c);
  const { ip, place } = edgeFacts(c.req.raw, c.env, Date.now());
  const [first] = [...actorsLetIn(c), ...(await askers(c).catch(() => []))];
  const at = placeAsked(c);
  return {
    actor: nameOf(change.actor ?? first ?? { kind: "nobody" }),
    action: `${c.req.method} ${pattern}`,
    summary,
    target: change.about === undefined ? targetOf(c, pattern, change.made) : personName(change.about),
    teamId: change.teamId ?? at?.teamId ?? "",
    siteId: change.siteId ?? at?.siteId ?? "",
    outcome: c.res.status < 400 ? "done" : "refused",
    requestId: crypto.randomUUID(),
    country: place.country,
    origin: originHash(await auditKey(c.env), ip),
    ...toldChange(change.before, change.after),
  };
}

const UNWRITTEN = "it was done, but the audit trail could not be written; look before you do it again";

export const auditTrail = createMiddleware<{ Bindings: Env }>(async (c, next) => {
  const operation = operationAsked(c);
  if (!operation) return next();
  // Before a session ends or an account is deleted; who asks is found once and kept.
  const changes = isToldByItself(c.req.method, operation);
  if (changes) await askers(c).catch(() => []);
  await next();
  if (changes) dropHeld();
  const change = noted.get(c.req.raw);
  if (!isTold(c, operation, change)) return;
  const act = await actOf(c, operation, change ?? {});
  try {
    await appendAudit(c.env, act);
  } catch (error) {
    console.error("the audit trail:", error);
    throw new AppError("unavailable", UNWRITTEN, { retryAfter: 1 });
  }
  c.header("x-request-id", act.requestId);
});
