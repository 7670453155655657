// Boards: panels on a grid that a team keeps. Every change names the version that it began from, so that two editors cannot
// undo each other unseen.
import type { Board, Grid, Layout, Panel } from "../../workers/domain/board.ts";
import { type Failure, type Reply, request } from "./api.ts";
import { sitePath } from "./sites.ts";

/** A board to begin with. */
export interface Template {
  name: string;
  label: string;
  about: string;
}

/** A board in a list: how many panels it has, not which. */
export type ListedBoard = Omit<Board, "period" | "compare" | "filters" | "panels" | "layout"> & { panels: number };

/** What an editor changes. */
export type BoardFields = Pick<Board, "name" | "about" | "period" | "compare" | "filters" | "panels" | "visibility">;
export type NewPanel = Omit<Panel, "id" | "grid"> & { size?: Pick<Grid, "w" | "h"> };

const boardsPath = (siteId: string): string => `${sitePath(siteId)}/boards`;
const boardPath = (siteId: string, id: string): string => `${boardsPath(siteId)}/${encodeURIComponent(id)}`;

export const loadBoards = (siteId: string): Promise<Reply<{ boards: ListedBoard[] }>> => request(boardsPath(siteId));
export const loadBoard = (siteId: string, id: string): Promise<Reply<Board>> => request(boardPath(siteId, id));
export const makeBoard = (
  siteId: string,
  board: Partial<BoardFields> & { name: string; template?: string },
): Promise<Reply<Board>> => request(boardsPath(siteId), { method: "POST", send: board });
export const removeBoard = (siteId: string, id: string): Promise<Reply<null>> =>
  request(boardPath(siteId, id), { method: "DELETE" });
export const copyBoard = (siteId: string, id: string): Promise<Reply<Board>> =>
  request(`${boardPath(siteId, id)}/copy`, { method: "POST", send: {} });
export const keepLayout = (siteId: string, id: string, layout: Layout): Promise<Reply<unknown>> =>
  request(`${boardPath(siteId, id)}/layout`, { method: "PUT", send: { panels: layout } });
export const loadTemplates = (): Promise<Reply<{ boards: Template[] }>> => request("/api/v1/catalog");

export const fieldsOf = ({ name, about, period, compare, filters, panels, visibility }: Board): BoardFields => ({
  name,
  about,
  period,
  compare,
  filters,
  panels,
  visibility,
});

const CONFLICT = 412;
/** More rounds than two editors at once ever need. */
const ROUNDS = 5;

interface Saving {
  siteId: string;
  /** The board as it was when editing began. */
  base: Board;
  mine: BoardFields;
  merge: (base: BoardFields, mine: BoardFields, theirs: BoardFields) => BoardFields;
}

export type Saved = { ok: true; board: Board; merged: boolean } | { ok: false; failure: Failure };

/** Saves; where others saved meanwhile, both changes are merged and saved together. */
export async function saveBoard({ siteId, base, mine, merge }: Saving): Promise<Saved> {
  let known = base;
  let wanted = mine;
  for (let round = 0; ; round++) {
    const reply = await request<Board>(boardPath(siteId, base.id), {
      method: "PUT",
      version: known.version,
      send: wanted,
    });
    if (reply.ok) return { ok: true, board: reply.value, merged: round > 0 };
    if (reply.failure.status !== CONFLICT || round === ROUNDS) return { ok: false, failure: reply.failure };
    const theirs = await loadBoard(siteId, base.id);
    if (!theirs.ok) return { ok: false, failure: theirs.failure };
    wanted = merge(fieldsOf(known), wanted, fieldsOf(theirs.value));
    known = theirs.value;
  }
}

/** Below all that is there. */
const lowest = (panels: readonly Panel[]): number => Math.max(0, ...panels.map(({ grid }) => grid.y + grid.h));

const USUAL_SIZE = { w: 6, h: 4 };

export function withPanel(panels: readonly Panel[], { size = USUAL_SIZE, ...panel }: NewPanel): Panel[] {
  return [...panels, { ...panel, id: crypto.randomUUID(), grid: { x: 0, y: lowest(panels), ...size } }];
}

/** Adds to whatever the board holds by then. */
export async function addPanel(siteId: string, boardId: string, panel: NewPanel): Promise<Reply<Board>> {
  for (let round = 0; ; round++) {
    const read = await loadBoard(siteId, boardId);
    if (!read.ok) return read;
    const send = { ...fieldsOf(read.value), panels: withPanel(read.value.panels, panel) };
    const reply = await request<Board>(boardPath(siteId, boardId), {
      method: "PUT",
      version: read.value.version,
      send,
    });
    if (reply.ok || reply.failure.status !== CONFLICT || round === ROUNDS) return reply;
  }
}
