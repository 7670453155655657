// What a route says of itself: declared beside it, as the first of its handlers, with the schemas that the route checks by.
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import * as z from "zod";
import type { Action } from "../domain/access.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { AppContext } from "./access.ts";

/** What a success is made of: JSON of a schema, nothing, or files of these MIME types beside the JSON or without it. */
export type Reply = z.ZodType | null | { files: readonly string[]; json?: z.ZodType };

export interface Operation {
  /** A few words, a verb first. */
  summary: string;
  /** An action at the site or team; `deployment` is its token, `system` that or an owner or admin of the main team, `person` whoever has a session, `self` who signed in as themself, `anybody` who shows who they are. */
  needs: Action | "nothing" | "anybody" | "person" | "self" | "deployment" | "system";
  about?: string;
  /** Parameters of the path that are more than text. */
  path?: Readonly<Record<string, z.ZodType>>;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** MIME types of the file that the body is, instead of JSON. */
  file?: readonly string[];
  /** By status. */
  replies: Readonly<Record<number, Reply>>;
  /**
   * Whether a success enters the audit trail: what changes something does, what reads does not, unless this or the handler
   * (`recordChange`) says otherwise. Of `tries` those that are not let in enter it too. Of a change that does not, `why`.
   */
  audit?: "yes" | "tries" | { why: string };
  /** Refusals beyond those that follow from the fields above. */
  errors?: readonly ErrorCode[];
}

const operations = new WeakMap<object, Operation>();

/** Passes every request on; the document finds the operation by it. */
export function operation(described: Operation): MiddlewareHandler {
  const pass: MiddlewareHandler = (_, next) => next();
  operations.set(pass, described);
  return pass;
}

export const operationOf = (handler: object): Operation | undefined => operations.get(handler);

/** That of the route which answers the request. */
export function operationAsked(c: AppContext): Operation | undefined {
  for (const { handler } of matchedRoutes(c)) {
    const found = operationOf(handler);
    if (found) return found;
  }
  return undefined;
}

/** Whether a repeated request would make something twice. */
export const makesSomething = ({ needs, replies }: Operation): boolean => 201 in replies && needs !== "nothing";

/** Whether the answer has an `ETag`: all that is JSON and about something that is kept. */
export function isTagged(method: string, { needs, replies }: Operation): boolean {
  const reply = replies[201] ?? (method === "POST" ? undefined : replies[200]);
  return needs !== "nothing" && reply instanceof z.ZodType;
}

/** Whether the operation changes something by its version, as `If-Match` names it. */
export const goesByVersion = ({ errors = [] }: Operation): boolean => errors.includes("stale");
