// Boards: the team's, and those that are their maker's alone. A change says which version it was made from.
import { Hono } from "hono";
import { boards as templates } from "../catalog/boards/index.ts";
import { type Board, boardShape, layoutSchema, type NewBoard, newBoardSchema } from "../domain/board.ts";
import { AppError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { boardErrors } from "../query/board.ts";
import { type BoardReader, findLayout, forgetBoard, listBoards, setLayout } from "../store/boards.ts";
import { changeResource, findResource, type Kept, removeResource } from "../store/resources.ts";
import { type AppContext, actorsLetIn } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf, authorsAsking } from "./author.ts";
import { boardReply, boardsReply, madeBoardSchema, madeBoardShape } from "./board-schemas.ts";
import { keepResource, openPart } from "./keep-resource.ts";
import { operation } from "./operation.ts";
import { BY_AGE, pageOf, pageSchema } from "./paging.ts";
import { planFacts } from "./plan-facts.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked, versionNeeded } from "./versions.ts";

const unknown = () => new AppError("not_found", "the site has no such board, or it is private to another");
const shelfOf = ({ id }: Site) => ({ siteId: id, kind: "board" }) as const;

function readerOf(c: AppContext): BoardReader {
  const shared = actorsLetIn(c).flatMap((actor) => (actor.kind === "share" ? (actor.boardId ?? []) : []));
  return { authors: authorsAsking(c).map(({ id }) => id), shared };
}

/** Null for one that whoever asks does not see. */
export async function boardSeen(c: AppContext, site: Site, id: string): Promise<Kept<"board"> | null> {
  const { authors, shared } = readerOf(c);
  const board = await findResource(c.env.DB, shelfOf(site), id);
  if (!board) return null;
  const isOfTeam = board.visibility === "team" && authors.length > 0;
  return isOfTeam || authors.includes(board.createdBy.id) || shared.includes(board.id) ? board : null;
}

async function boardAt(c: AppContext, site: Site): Promise<Kept<"board">> {
  const board = await boardSeen(c, site, c.req.param("boardId") ?? "");
  if (!board) throw unknown();
  return board;
}

/** As whoever asks sees it. */
async function shown(c: AppContext, board: Kept<"board">): Promise<Board> {
  const [author] = authorsAsking(c);
  if (!author) return { ...board, createdBy: null, layout: {} };
  const whose = { siteId: board.siteId, boardId: board.id, person: author.id };
  return { ...board, layout: await findLayout(c.env.DB, whose) };
}

async function checked(c: AppContext, site: Site, board: NewBoard): Promise<NewBoard> {
  const errors = boardErrors(board, await planFacts(c.env.DB, site), Date.now());
  if (errors.length > 0) throw invalidFields(errors);
  return board;
}

async function readMade(c: AppContext, site: Site): Promise<NewBoard> {
  const body = await readValid(c.req.raw, madeBoardSchema);
  if (!("template" in body)) return checked(c, site, body);
  const { label, about, panels } = templates[body.template];
  return newBoardSchema.parse({ name: body.name ?? label, about, panels, visibility: body.visibility });
}

/** Throws unless it is the version that is asked for; from then on the one that was seen counts, which may be shown. */
async function seenVersion(c: AppContext, board: Kept<"board">, asked: number | null): Promise<number> {
  if (asked === null || asked === board.version) return board.version;
  throw notChanged(await shown(c, board), unknown);
}

async function changedMeanwhile(c: AppContext, site: Site, id: string): Promise<AppError> {
  const current = await boardSeen(c, site, id);
  return notChanged(current && (await shown(c, current)), unknown);
}

async function change(c: AppContext, site: Site): Promise<Board> {
  const board = await boardAt(c, site);
  const version = await seenVersion(c, board, versionNeeded(c));
  const body = await checked(c, site, await readValid(c.req.raw, newBoardSchema));
  const isMaker = authorsAsking(c).some(({ id }) => id === board.createdBy.id);
  if (body.visibility !== board.visibility && !isMaker) {
    throw invalidField("visibility", `only its maker can make it ${body.visibility}; keep ${board.visibility}`);
  }
  const changed = await changeResource(c.env.DB, shelfOf(site), { id: board.id, body, version, now: Date.now() });
  if (!changed) throw await changedMeanwhile(c, site, board.id);
  recordChange(c, { before: openPart(board), after: openPart(changed) });
  return shown(c, changed);
}

export const boards = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/boards",
    operation({
      summary: "List a site's boards",
      needs: "query",
      about: "Those of the team and one's own private ones; to a share link, the one that it names. Oldest first.",
      query: pageSchema,
      replies: { 200: boardsReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const reader = readerOf(c);
      const { entries, next } = await pageOf(c, BY_AGE, (asked) => listBoards(c.env.DB, site.id, { ...asked, reader }));
      return c.json({ boards: entries, next });
    },
  )
  .post(
    "/:id/boards",
    operation({
      summary: "Make a board",
      needs: "define",
      about: "Of its own panels, or of a template of the catalogue.",
      body: madeBoardShape,
      replies: { 201: boardReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await shown(c, await keepResource(c, shelfOf(site), await readMade(c, site))), 201);
    },
  )
  .get(
    "/:id/boards/:boardId",
    operation({ summary: "Read a board", needs: "query", replies: { 200: boardReply } }),
    async (c) => c.json(await shown(c, await boardAt(c, await siteOf(c, "query")))),
  )
  .put(
    "/:id/boards/:boardId",
    operation({
      summary: "Change a board",
      needs: "define",
      about: "If-Match must say which version was changed; who comes second is told the board as it stands.",
      body: boardShape,
      replies: { 200: boardReply },
      errors: ["no_version", "stale"],
    }),
    async (c) => c.json(await change(c, await siteOf(c, "define"))),
  )
  .delete(
    "/:id/boards/:boardId",
    operation({ summary: "Remove a board", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      const site = await siteOf(c, "define");
      const board = await boardAt(c, site);
      const { id } = board;
      const version = await seenVersion(c, board, versionAsked(c));
      if (!(await removeResource(c.env.DB, shelfOf(site), { id, version }))) throw await changedMeanwhile(c, site, id);
      recordChange(c, { before: openPart(board) });
      await forgetBoard(c.env.DB, site.id, id);
      return c.body(null, 204);
    },
  )
  .post(
    "/:id/boards/:boardId/copy",
    operation({
      summary: "Copy a board",
      needs: "define",
      about: "The copy is private to who makes it.",
      replies: { 201: boardReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const board = newBoardSchema.strip().parse(await boardAt(c, site));
      const name = `${board.name.slice(0, 110)} (copy)`;
      return c.json(
        await shown(c, await keepResource(c, shelfOf(site), { ...board, name, visibility: "private" })),
        201,
      );
    },
  )
  .put(
    "/:id/boards/:boardId/layout",
    operation({
      summary: "Place a board's panels for oneself",
      needs: "query",
      about: "Nobody else sees it; without panels the board's own places count again.",
      body: layoutSchema,
      replies: { 204: null },
      audit: { why: "how one person sees a board, for themself alone" },
    }),
    async (c) => {
      const board = await boardAt(c, await siteOf(c, "query"));
      const { id: person } = authorOf(c);
      const { panels } = await readValid(c.req.raw, layoutSchema);
      await setLayout(c.env.DB, { siteId: board.siteId, boardId: board.id, person }, panels);
      return c.body(null, 204);
    },
  );
