import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeBoards } from "../../dashboard/state/board-merge.ts";
import { panelQuestion } from "../../dashboard/state/board-questions.ts";
import { type BoardFields, withPanel } from "../../dashboard/state/boards.ts";
import { parseView } from "../../dashboard/state/view.ts";
import type { Panel } from "../../workers/domain/board.ts";
import { aSite } from "./site.ts";

const aPanel = (id: string, part: Partial<Panel> = {}): Panel => ({
  id,
  title: id,
  chart: "text",
  question: null,
  text: "",
  grid: { x: 0, y: 0, w: 6, h: 4 },
  ...part,
});

const aBoard = (...panels: Panel[]): BoardFields => ({
  name: "Board",
  about: "",
  period: null,
  compare: null,
  filters: [],
  panels,
  visibility: "team",
});

const idsOf = ({ panels }: BoardFields) => panels.map(({ id }) => id).sort();

const panel = fc.record({ id: fc.constantFrom("a", "b", "c", "d"), title: fc.constantFrom("1", "2", "3") });
const board = fc
  .record({ name: fc.constantFrom("x", "y", "z"), panels: fc.uniqueArray(panel, { selector: ({ id }) => id }) })
  .map(({ name, panels }) => ({ ...aBoard(...panels.map(({ id, title }) => aPanel(id, { title }))), name }));

describe("two editors of a board", () => {
  it("keep what either added, and lose what either removed", () => {
    const base = aBoard(aPanel("kept"), aPanel("mine gone"), aPanel("theirs gone"));
    const mine = aBoard(aPanel("kept"), aPanel("theirs gone"), aPanel("mine new"));
    const theirs = aBoard(aPanel("kept"), aPanel("mine gone"), aPanel("theirs new"));
    expect(idsOf(mergeBoards(base, mine, theirs))).toEqual(["kept", "mine new", "theirs new"]);
  });

  it("keep both changes of one panel where they are of different fields", () => {
    const moved = { x: 6, y: 2, w: 3, h: 3 };
    const merged = mergeBoards(
      aBoard(aPanel("p")),
      aBoard(aPanel("p", { title: "renamed" })),
      aBoard(aPanel("p", { grid: moved })),
    );
    expect(merged.panels).toEqual([aPanel("p", { title: "renamed", grid: moved })]);
  });

  it("keep a panel that one removed while the other changed it", () => {
    const base = aBoard(aPanel("p"));
    const changed = aBoard(aPanel("p", { title: "changed" }));
    expect(mergeBoards(base, aBoard(), changed).panels).toEqual(changed.panels);
    expect(mergeBoards(base, changed, aBoard()).panels).toEqual(changed.panels);
  });

  it("who changed nothing changes nothing", () => {
    fc.assert(
      fc.property(board, board, (base, theirs) => {
        const merged = mergeBoards(base, base, theirs);
        expect({ ...merged, panels: [] }).toEqual({ ...theirs, panels: [] });
        expect(idsOf(merged)).toEqual(idsOf(theirs));
        expect(mergeBoards(base, theirs, base).name).toBe(theirs.name);
      }),
    );
  });

  it("never get two panels of one id", () => {
    fc.assert(
      fc.property(board, board, board, (base, mine, theirs) => {
        const ids = idsOf(mergeBoards(base, mine, theirs));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

describe("a panel", () => {
  it("is added below all that is there", () => {
    const panels = [aPanel("a", { grid: { x: 0, y: 3, w: 6, h: 4 } })];
    const added = withPanel(panels, { title: "", chart: "text", question: null, text: "" });
    expect(added[1]?.grid).toMatchObject({ x: 0, y: 7 });
  });

  const scope = (query: string) => ({
    site: aSite(),
    view: parseView(query),
    calendar: { today: "2026-11-21", firstDay: "2026-01-01" },
  });
  const byTime = aPanel("p", {
    chart: "line",
    question: {
      metrics: ["visitors"],
      dimensions: ["time"],
      filters: [["is", "event:page", ["/"]]],
      include: {},
      pagination: { limit: 100, offset: 0 },
    },
  });

  it("asks within the period and filters that the board is looked at with, by a grain that suits", () => {
    expect(panelQuestion(scope("period=12mo&f=is,visit:country,DE"), byTime)).toMatchObject({
      site_id: "example.com",
      date_range: "12mo",
      dimensions: ["time:month"],
      filters: [
        ["is", "event:page", ["/"]],
        ["is", "visit:country", ["DE"]],
      ],
    });
    expect(panelQuestion(scope("period=today"), byTime)).toMatchObject({ dimensions: ["time:hour"] });
  });

  it("keeps to the board's own filters, beside those of its reader", () => {
    const asked = panelQuestion(scope("f=is,visit:country,DE"), byTime, [["is", "visit:device", ["Mobile"]]]);
    expect(asked).toMatchObject({
      filters: [
        ["is", "visit:device", ["Mobile"]],
        ["is", "event:page", ["/"]],
        ["is", "visit:country", ["DE"]],
      ],
    });
  });

  it("holds a figure against the period before until now, and a chart against all of it", () => {
    const pagination = { limit: 100, offset: 0 };
    const visitors = (dimensions: string[]) => {
      const question = { metrics: ["visitors"], dimensions, filters: [], include: {}, pagination };
      return panelQuestion(scope("period=today"), aPanel("v", { question }));
    };
    const comparisons = { mode: "previous_period" };
    expect(visitors([])).toMatchObject({ include: { trim_relative_date_range: true, comparisons } });
    expect(visitors(["time:hour"])).toHaveProperty("include", { comparisons, time_labels: true });
  });

  it("keeps a grain that was chosen for it, where the period is one to show it by", () => {
    const byWeek = { ...byTime, question: byTime.question && { ...byTime.question, dimensions: ["time:week"] } };
    expect(panelQuestion(scope("period=28d"), byWeek)).toMatchObject({ dimensions: ["time:week"] });
    expect(panelQuestion(scope("period=today"), byWeek)).toMatchObject({ dimensions: ["time:hour"] });
  });

  it("keeps a period of its own, and asks nothing where it is text", () => {
    const own = { ...byTime, question: byTime.question && { ...byTime.question, date_range: "7d" as const } };
    expect(panelQuestion(scope("period=12mo"), own)).toMatchObject({ date_range: "7d" });
    expect(panelQuestion(scope(""), aPanel("t"))).toBeNull();
  });
});
