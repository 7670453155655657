// Pages of lists: `limit` and `cursor` in, `next` out. A cursor says after which entry the next page begins, and so stays true
// while entries are added and removed.
import * as z from "zod";
import type { AppContext } from "./access.ts";
import { cursorText, cursorValue } from "./cursor.ts";
import { readQuery } from "./read-query.ts";

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

type Kinds = readonly ("string" | "number")[];

/** A key of other kinds is of another list. */
const keySchema = (kinds: Kinds) =>
  z
    .array(z.union([z.string(), z.number()]))
    .refine((key) => key.length === kinds.length && key.every((part, index) => typeof part === kinds[index]));

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
  kinds: Kinds;
}

/** Oldest first. */
export const BY_AGE = {
  key: ({ createdAt, id }: { createdAt: number; id: string }): SortKey => [createdAt, id],
  kinds: ["number", "string"],
} as const satisfies PageAsked<{ createdAt: number; id: string }>;

export interface Page<Entry> {
  entries: Entry[];
  next: string | null;
}

/** `read` gives the entries after a key, in order, as many as `limit` or all of them. */
export async function pageOf<Entry>(
  c: AppContext,
  { key, kinds }: PageAsked<NoInfer<Entry>>,
  read: (asked: { after: SortKey | null; limit: number }) => Promise<Entry[]>,
): Promise<Page<Entry>> {
  const { limit, cursor } = readQuery(c, pageSchema);
  // One more than is told, to see whether there are more.
  const found = await read({
    after: cursor === undefined ? null : cursorValue(cursor, keySchema(kinds)),
    limit: limit + 1,
  });
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return { entries, next: found.length > limit && last !== undefined ? cursorText(key(last)) : null };
}

/** A page of a list that is short enough to be at hand whole. */
export function pageOfAll<Entry>(
  c: AppContext,
  all: readonly Entry[],
  asked: PageAsked<NoInfer<Entry>>,
): Promise<Page<Entry>> {
  const inOrder = all.toSorted((a, b) => compare(asked.key(a), asked.key(b)));
  return pageOf(c, asked, async ({ after }) =>
    after ? inOrder.filter((entry) => compare(asked.key(entry), after) > 0) : inOrder,
  );
}
