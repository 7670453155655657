// What boards have beyond other resources: readers who may not see all of them, and layouts of their own.
import { and, eq, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Layout, NewBoard } from "../domain/board.ts";
import type { Resource } from "../domain/resource.ts";
import type { SiteId } from "../domain/site.ts";
import { type ListAsked, laterThan, onShelf } from "./resources.ts";
import { boardLayouts, resources, shares } from "./schema/index.ts";

export interface BoardReader {
  /** As authors are named; empty for who reads by a share link alone. */
  authors: readonly string[];
  /** Those that share links name. */
  shared: readonly string[];
}

/** What the reader sees of boards, and of reports. */
export function visibleTo({ authors, shared }: BoardReader): SQL | undefined {
  const ofTeam = authors.length > 0 ? [sql`json_extract(${resources.body}, '$.visibility') = 'team'`] : [];
  const own = authors.map((author) => eq(resources.createdBy, author));
  const linked = shared.map((id) => eq(resources.id, id));
  return or(...ofTeam, ...own, ...linked, sql`0`);
}

/** A board without its panels, which may be many and large. */
export interface BoardSummary extends Pick<NewBoard, "name" | "about" | "visibility">, Resource {
  /** How many. */
  panels: number;
}

const field = <Value>(path: string) => sql<Value>`json_extract(${resources.body}, ${path})`;

/** Oldest first. */
export async function listBoards(
  db: D1Database,
  siteId: SiteId,
  { reader, after, limit }: { reader: BoardReader } & Pick<ListAsked, "after" | "limit">,
): Promise<BoardSummary[]> {
  const { id, version, createdBy, authorName, createdAt, updatedAt } = resources;
  const rows = await drizzle(db)
    .select({
      board: {
        name: field<string>("$.name"),
        about: field<string>("$.about"),
        visibility: field<NewBoard["visibility"]>("$.visibility"),
        panels: sql<number>`json_array_length(${resources.body}, '$.panels')`,
        ...{ id, version, createdAt, updatedAt },
      },
      author: { id: createdBy, name: authorName },
    })
    .from(resources)
    .where(and(onShelf({ siteId, kind: "board" }), laterThan(after), visibleTo(reader)))
    .orderBy(createdAt, id)
    .limit(limit);
  return rows.map(({ board, author }) => ({ ...board, siteId, createdBy: reader.authors.length > 0 ? author : null }));
}

interface Whose {
  siteId: SiteId;
  boardId: string;
  person: string;
}

const ownLayout = ({ siteId, boardId, person }: Whose) =>
  and(eq(boardLayouts.siteId, siteId), eq(boardLayouts.boardId, boardId), eq(boardLayouts.person, person));

/** Empty for who has none. */
export async function findLayout(db: D1Database, whose: Whose): Promise<Layout> {
  const [row] = await drizzle(db).select().from(boardLayouts).where(ownLayout(whose));
  return row?.layout ?? {};
}

export async function setLayout(db: D1Database, whose: Whose, layout: Layout): Promise<void> {
  await drizzle(db)
    .insert(boardLayouts)
    .values({ ...whose, layout })
    .onConflictDoUpdate({ target: [boardLayouts.siteId, boardLayouts.boardId, boardLayouts.person], set: { layout } });
}

/** Of a board that is gone: its layouts, and the links that were made to show it. */
export async function forgetBoard(db: D1Database, siteId: SiteId, boardId: string): Promise<void> {
  const store = drizzle(db);
  await store.batch([
    store.delete(boardLayouts).where(and(eq(boardLayouts.siteId, siteId), eq(boardLayouts.boardId, boardId))),
    store.delete(shares).where(and(eq(shares.siteId, siteId), eq(shares.boardId, boardId))),
  ]);
}
