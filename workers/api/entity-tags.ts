// `ETag` on what is read and changed, and 304 for who has it already. A tag is a hash of the answer, led by the resource's
// version where it has one, which is what `If-Match` goes by; where it has none, the header is refused.
import { createMiddleware } from "hono/factory";
import * as z from "zod";
import type { Env } from "../env.ts";
import type { AppContext } from "./access.ts";
import { goesByVersion, isTagged, type Operation, operationAsked } from "./operation.ts";
import { invalidField } from "./problem.ts";

const HASH_BYTES = 12;
const versioned = z.object({ version: z.int() });

async function tagOf(body: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
  const short = Array.from(hash.subarray(0, HASH_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const found = versioned.safeParse(JSON.parse(body));
  return found.success ? `"${found.data.version}.${short}"` : `"${short}"`;
}

const weak = (tag: string): string => tag.trim().replace(/^W\//, "");

/** By the weak comparison, as RFC 9110 has it for `If-None-Match`. */
function isHeld(given: string | undefined, tag: string): boolean {
  return given !== undefined && (given.trim() === "*" || given.split(",").map(weak).includes(tag));
}

const CHANGES: readonly string[] = ["PUT", "PATCH", "DELETE"];

/** Who makes a change depend on a version must not have it made regardless. */
function refuseUnchecked(c: AppContext, operation: Operation | undefined): void {
  if (!operation || goesByVersion(operation) || !CHANGES.includes(c.req.method)) return;
  if ((c.req.header("if-match") ?? "*") === "*") return;
  throw invalidField("If-Match", "what this changes has no versions; leave the header out");
}

export const entityTags = createMiddleware<{ Bindings: Env }>(async (c, next) => {
  const operation = operationAsked(c);
  refuseUnchecked(c, operation);
  await next();
  const isJson = c.res.headers.get("content-type")?.startsWith("application/json");
  if (!operation || !isTagged(c.req.method, operation) || !isJson || !c.res.ok) return;
  const tag = await tagOf(await c.res.clone().text());
  if (["GET", "HEAD"].includes(c.req.method) && isHeld(c.req.header("if-none-match"), tag)) {
    c.res = new Response(null, { status: 304, headers: { etag: tag } });
    c.res.headers.delete("content-type");
  } else {
    c.header("etag", tag);
  }
});
