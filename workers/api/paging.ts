// Pages of lists: `limit` and `cursor` in, `next` out. A cursor says after which entry the next page begins, and so stays true
// while entries are added and removed.
import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import * as z from "zod";
import { fieldErrors } from "../domain/errors.ts";
import type { AppContext } from "./access.ts";
import { invalidField, invalidFields } from "./problem.ts";

const MOST = 1000;

export const pageSchema = z.object({
  /** Entries of a page. */
  limit: z.coerce.number().int().min(1).max(MOST).default(MOST),
  /** The `next` of the page before. */
  cursor: z.string().min(1).max(1000).optional(),
});

/** Beside the list in a reply; null on the last page. */
export const nextSchema = { next: z.string().nullable() };

/** By what a list is ordered; unique in it. */
export type SortKey = readonly (string | number)[];

const keySchema = z.array(z.union([z.string(), z.number()])).min(1);

const cursorOf = (key: SortKey): string => encodeBase64Url(new TextEncoder().encode(JSON.stringify(key)).buffer);

function keyOf(cursor: string, kinds: readonly string[]): SortKey {
  try {
    const key = keySchema.parse(JSON.parse(new TextDecoder().decode(decodeBase64Url(cursor))));
    if (key.length === kinds.length && key.every((part, index) => typeof part === kinds[index])) return key;
  } catch {
    // Refused below.
  }
  throw invalidField("cursor", "use the next of the page before, as it was given, for the same list");
}

function compare(a: SortKey, b: SortKey): number {
  for (const [index, part] of a.entries()) {
    const other = b[index]!;
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

interface PageAsked<Entry> {
  key(entry: Entry): SortKey;
  /** What each part of the key is: `["number", "string"]`. */
  kinds: readonly ("string" | "number")[];
}

export interface Page<Entry> {
  entries: Entry[];
  next: string | null;
}

/** `read` gives the entries after a key, in order, as many as `limit` or all of them. */
export async function pageOf<Entry>(
  c: AppContext,
  { key, kinds }: PageAsked<Entry>,
  read: (asked: { after: SortKey | null; limit: number }) => Promise<Entry[]>,
): Promise<Page<Entry>> {
  const asked = pageSchema.safeParse(c.req.query());
  if (!asked.success) throw invalidFields(fieldErrors(asked.error.issues));
  const { limit, cursor } = asked.data;
  // One more than is told, to see whether there are more.
  const found = await read({ after: cursor === undefined ? null : keyOf(cursor, kinds), limit: limit + 1 });
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return { entries, next: found.length > limit && last !== undefined ? cursorOf(key(last)) : null };
}

/** A page of a list that is short enough to be at hand whole. */
export function pageOfAll<Entry>(c: AppContext, all: readonly Entry[], asked: PageAsked<Entry>): Promise<Page<Entry>> {
  const inOrder = all.toSorted((a, b) => compare(asked.key(a), asked.key(b)));
  return pageOf(c, asked, async ({ after }) =>
    after ? inOrder.filter((entry) => compare(asked.key(entry), after) > 0) : inOrder,
  );
}
