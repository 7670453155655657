import { expect, it } from "vitest";
import { boards as templates } from "../../workers/catalog/boards/index.ts";
import type { Board } from "../../workers/domain/board.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import { claimOwner, cookiesOf, join, post } from "./people.ts";
import { aView, call, createSite, ok, sendTaken } from "./worker.ts";

const grid = { x: 0, y: 0, w: 6, h: 4 };
const visitors = { id: "a", title: "Visitors", chart: "line", question: { metrics: ["visitors"] }, grid };
const text = { id: "t", chart: "text", question: null, text: "Read this", grid };
const aBoard = (fields: Record<string, unknown> = {}) => ({ name: "Ours", panels: [visitors, text], ...fields });

async function siteWithBoard(fields: Record<string, unknown> = {}) {
  const site = await createSite();
  const path = `/api/v1/sites/${site.id}/boards`;
  const board = await ok<Board>("POST", path, aBoard(fields));
  return { site, path, board, at: `${path}/${board.id}` };
}

const as = (headers: Record<string, string>) => ({ token: "", headers });

it("a board is made, read, listed, changed and removed", async () => {
  const { path, board, at, site } = await siteWithBoard({ period: "7d", compare: { mode: "previous_period" } });
  expect(board).toMatchObject({ name: "Ours", siteId: site.id, version: 1, period: "7d", visibility: "team" });
  expect(await ok("GET", at)).toEqual(board);
  expect(await ok("GET", path)).toMatchObject({ boards: [{ id: board.id, panels: 2 }], next: null });
  const headers = { "if-match": '"1"' };
  const changed = await call<Board>("PUT", at, { body: aBoard({ name: "Theirs", panels: [] }), headers });
  expect([changed.status, changed.body.version, changed.body.name]).toEqual([200, 2, "Theirs"]);
  expect((await call("DELETE", at)).status).toBe(204);
  expect((await call("GET", at)).status).toBe(404);
});

it.each([
  ["panels.1.question.metrics.0", { panels: [visitors, { ...visitors, id: "b", question: { metrics: ["joy"] } }] }],
  ["panels.0.question", { panels: [{ ...visitors, question: { site_id: "x", metrics: ["visitors"] } }] }],
  ["panels.0.question.metrics", { panels: [{ ...visitors, question: { metrics: 5 } }] }],
  ["panels.0.question.params.steps", { panels: [{ ...visitors, question: { analysis: "funnel", params: {} } }] }],
  [
    "panels.0.question.filters.0.1",
    { panels: [{ ...visitors, question: { metrics: ["visits"], filters: [["is", "x", ["y"]]] } }] },
  ],
  ["panels.0.question", { panels: [{ ...visitors, question: null }] }],
  ["panels.0.question", { panels: [{ ...text, question: { metrics: ["visits"] } }] }],
  ["panels.1.id", { panels: [visitors, visitors] }],
  ["panels.0.grid", { panels: [{ ...visitors, grid: { ...grid, x: 8 } }] }],
  ["filters.0.1", { filters: [["is", "visit:mood", ["good"]]] }],
  ["filters.0.2.0", { filters: [["is", "segment", ["99"]]] }],
  ["period", { period: ["2026-11-21", "2026-11-20"] }],
  ["template", { template: "none", panels: undefined }],
])("what is wrong is named: %s", async (path, fields) => {
  const site = await createSite();
  const { status, body } = await call<Problem>("POST", `/api/v1/sites/${site.id}/boards`, { body: aBoard(fields) });
  expect([status, body.errors?.map((error) => error.path)]).toEqual([400, [path]]);
});

it.each(Object.keys(templates))("the template %s makes a board whose questions are answered", async (template) => {
  const site = await createSite();
  await sendTaken([aView(site)]);
  const board = await ok<Board>("POST", `/api/v1/sites/${site.id}/boards`, { template, name: "Mine" });
  expect(board).toMatchObject({ name: "Mine", version: 1 });
  const asked = board.panels.flatMap(({ question }) =>
    question ? [{ date_range: "7d", ...question, site_id: site.id }] : [],
  );
  expect(asked.length).toBeGreaterThan(4);
  for (const answer of await ok<unknown[]>("POST", "/api/v2/query", asked)) {
    expect(answer).toMatchObject({ results: expect.anything() });
  }
  // What was made of a template may be kept as it stands.
  const { name, about, panels } = board;
  const headers = { "if-match": '"1"' };
  expect(
    (await call("PUT", `/api/v1/sites/${site.id}/boards/${board.id}`, { body: { name, about, panels }, headers }))
      .status,
  ).toBe(200);
});

it("of two who change the same version one is told what the other made of it", async () => {
  const { at } = await siteWithBoard();
  expect((await call<Problem>("PUT", at, { body: aBoard() })).body.code).toBe("no_version");
  const headers = { "if-match": '"1"' };
  const names = ["first", "second", "third"];
  const answers = await Promise.all(
    names.map((name) => call<Board & Problem>("PUT", at, { body: aBoard({ name }), headers })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  const winner = answers.find(({ status }) => status === 200)!.body;
  for (const { status, body } of answers)
    if (status === 412) expect(body).toMatchObject({ code: "stale", current: winner });
  expect(await ok("GET", at)).toEqual(winner);
  expect((await call("DELETE", at, { headers })).status).toBe(412);
});

it("a private board is its maker's alone, and a layout too", async () => {
  await claimOwner();
  const [ann, ben] = [await join("main", "analyst"), await join("main", "analyst")];
  const viewer = await join("main", "viewer");
  const site = await createSite();
  const path = `/api/v1/sites/${site.id}/boards`;
  const { body: board } = await call<Board>("POST", path, {
    ...as(ann.headers),
    body: aBoard({ visibility: "private" }),
  });
  const at = `${path}/${board.id}`;
  expect(board.createdBy).toMatchObject({ name: "analyst" });
  expect((await call("GET", at, as(ann.headers))).status).toBe(200);
  for (const { headers } of [ben, viewer]) expect((await call("GET", at, as(headers))).status).toBe(404);
  expect((await call("GET", at)).status).toBe(404);
  expect((await call<{ boards: [] }>("GET", path, as(ben.headers))).body.boards).toEqual([]);
  const change = (headers: Record<string, string>, version: number, fields: object) =>
    call<Board & Problem>("PUT", at, {
      ...as({ ...headers, "if-match": `"${version}"` }),
      body: aBoard({ ...fields }),
    });
  expect((await change(ben.headers, 1, {})).status).toBe(404);
  expect((await change(ann.headers, 1, { visibility: "team" })).status).toBe(200);
  expect((await change(ben.headers, 2, { visibility: "private" })).body.errors?.[0]?.path).toBe("visibility");
  const panels = { a: { ...grid, x: 6 } };
  expect((await call("PUT", `${at}/layout`, { ...as(viewer.headers), body: { panels } })).status).toBe(204);
  expect((await call<Board>("GET", at, as(viewer.headers))).body.layout).toEqual(panels);
  expect((await call<Board>("GET", at, as(ben.headers))).body).toMatchObject({ layout: {}, version: 2 });
});

it("a copy is a private board of whoever made it", async () => {
  const { board, at, path } = await siteWithBoard();
  const copy = await ok<Board>("POST", `${at}/copy`);
  expect(copy).toMatchObject({ name: "Ours (copy)", visibility: "private", version: 1, panels: board.panels });
  expect(copy.id).not.toBe(board.id);
  expect((await ok<{ boards: Board[] }>("GET", path)).boards).toHaveLength(2);
});

it("a share link shows the board that it names, without names of people, until the board is gone", async () => {
  const { site, board, at, path } = await siteWithBoard({ visibility: "private" });
  await ok("POST", path, aBoard({ name: "Another" }));
  const links = `/api/v1/sites/${site.id}/shares`;
  const wrong = await call<Problem>("POST", links, { body: { label: "all", boardId: "none" } });
  expect(wrong.body.errors?.[0]?.path).toBe("boardId");
  const link = await ok<{ id: string; boardId: string }>("POST", links, { label: "board", boardId: board.id });
  const plain = await ok<{ id: string }>("POST", links, { label: "all" });
  const opened = await post<{ boardId: string }>(`/api/v1/shares/${link.id}`, {});
  expect([link.boardId, opened.body.boardId]).toEqual([board.id, board.id]);
  const reader = as(cookiesOf(opened));
  expect((await call<Board>("GET", at, reader)).body).toEqual({ ...board, createdBy: null });
  expect((await call<{ boards: Board[] }>("GET", path, reader)).body.boards).toMatchObject([
    { id: board.id, createdBy: null },
  ]);
  expect((await call("PUT", `${at}/layout`, { ...reader, body: { panels: {} } })).status).toBe(403);
  const { id: team } = await ok<{ id: string }>("POST", "/api/v1/teams", { name: "Strangers" });
  const { cookie } = (await join(team, "owner")).headers;
  const stranger = as({ cookie: `${cookie}; ${cookiesOf(opened).cookie}` });
  for (const address of [at, path]) {
    expect((await call("GET", address, stranger)).body).toEqual((await call("GET", address, reader)).body);
  }
  const other = as({ authorization: `Bearer ${plain.id}` });
  expect((await call("GET", at, other)).status).toBe(404);
  expect((await call<{ boards: [] }>("GET", path, other)).body.boards).toEqual([]);
  expect((await call("DELETE", at)).status).toBe(204);
  expect((await call("GET", path, reader)).status).toBe(401);
});

it("somebody of another team sees by a share link what it shows, and nothing of the team's", async () => {
  const { id: team } = await ok<{ id: string }>("POST", "/api/v1/teams", { name: "Others" });
  const outsider = await join(team, "admin");
  const { site, at, path } = await siteWithBoard();
  const { id } = await ok<{ id: string }>("POST", `/api/v1/sites/${site.id}/shares`, { label: "all" });
  const share = cookiesOf(await post(`/api/v1/shares/${id}`, {}));
  const both = as({ cookie: `${outsider.headers.cookie}; ${share.cookie}` });
  expect((await call<{ boards: [] }>("GET", path, both)).body.boards).toEqual([]);
  expect((await call("GET", at, both)).status).toBe(404);
  expect((await call("POST", path, { ...both, body: aBoard() })).status).toBe(403);
});

it("pages go on after the last board of the page before, whatever is added and removed meanwhile", async () => {
  const { path, board } = await siteWithBoard();
  const ids = [board.id];
  for (const name of ["b", "c", "d"]) ids.push((await ok<Board>("POST", path, aBoard({ name }))).id);
  const seen: string[] = [];
  let next: string | null = null;
  for (let pages = 0; pages < 10 && (pages === 0 || next !== null); pages++) {
    const query: string = next === null ? "limit=2" : `limit=2&cursor=${next}`;
    const page: { boards: Board[]; next: string | null } = await ok("GET", `${path}?${query}`);
    seen.push(...page.boards.map(({ id }) => id));
    next = page.next;
    if (pages > 0) continue;
    ids.push((await ok<Board>("POST", path, aBoard({ name: "e" }))).id);
    await call("DELETE", `${path}/${page.boards.at(-1)!.id}`);
  }
  expect(new Set(seen)).toEqual(new Set(ids));
  expect(seen).toHaveLength(ids.length);
  for (const query of ["cursor=none", "cursor=WyJhIl0", "limit=0"]) {
    const { status, body } = await call<Problem>("GET", `${path}?${query}`);
    expect([status, body.errors?.[0]?.path]).toEqual([400, query.split("=")[0]]);
  }
});
