// Reports over HTTP: kept like boards, and every number in their documents is what the API answers.
import { beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../workers/domain/errors.ts";
import { amountOf } from "../../workers/domain/money.ts";
import type { QueryResult } from "../../workers/domain/query.ts";
import type { Report } from "../../workers/domain/report.ts";
import type { ReportBlock, ReportDocument } from "../../workers/domain/report-document.ts";
import type { Site } from "../../workers/domain/site.ts";
import { claimOwner, join } from "./people.ts";
import { aView, call, createSite, from, ok, sendTaken } from "./worker.ts";

const at = ({ id }: Site, path = "") => `/api/v1/sites/${id}/reports${path}`;
const figures = { id: "f", kind: "figures", metrics: ["visitors", "pageviews", "bounce_rate"] };
const byPage = { metrics: ["visitors", "pageviews"], dimensions: ["event:page"] };
const byDay = { metrics: ["visitors"], dimensions: ["time:day"] };
const STEPS = [{ page: "/" }, { page: "/b" }];
const grid = { x: 0, y: 0, w: 6, h: 4 };

let site: Site;
beforeAll(async () => {
  site = await createSite();
  for (const visitor of [1, 2, 3]) {
    await sendTaken([aView(site), aView(site, { url: "https://example.com/b" })], from(visitor));
  }
  await sendTaken(aView(site), from(4));
});

const preview = (sections: object[], fields: object = {}) =>
  ok<ReportDocument>("POST", at(site, "/preview"), { name: "Weekly", sections, ...fields });

const blocksOf = ({ parts }: ReportDocument): ReportBlock[] => parts.flatMap(({ blocks }) => blocks);

async function answer(question: object): Promise<QueryResult> {
  return ok("POST", "/api/v2/query", { site_id: site.id, date_range: "7d", ...question });
}

describe("a document", () => {
  it("has in its figures what the query answers", async () => {
    const [block] = blocksOf(await preview([figures]));
    const { results } = await answer({ metrics: figures.metrics });
    const told = block?.kind === "figures" ? block.figures.map(({ now }) => now.value) : null;
    expect(told).toEqual(results[0]?.metrics);
    expect(told).toEqual([4, 7, 25]);
  });

  it("has in its tables and pictures what the query answers, row by row", async () => {
    const [table, picture] = blocksOf(
      await preview(
        [
          { id: "p", kind: "question", chart: "table", question: byPage },
          { id: "s", kind: "question", chart: "line", question: byDay },
        ],
        { compare: null },
      ),
    );
    const pages = (await answer(byPage)).results.map(({ dimensions, metrics }) => [...dimensions, ...metrics]);
    const rows = table?.kind === "table" ? table.rows.map((row) => row.map(({ value }) => value)) : null;
    expect(rows).toEqual(pages);
    if (picture?.kind !== "picture") throw new Error("no picture");
    const days = await answer({ ...byDay, include: { time_labels: true } });
    const known = new Map(days.results.map(({ dimensions, metrics }) => [dimensions[0], amountOf(metrics[0])]));
    const expected = (days.meta.time_labels ?? []).map((label) => [label, known.get(label) ?? 0]);
    expect(picture.rows.map((row) => row.map(({ value }) => value))).toEqual(expected);
    expect(picture.picture.series[0]?.values).toEqual(expected.map(([, value]) => value));
  });

  it("has funnels, boards, insights, quality, benchmarks and page breaks in their order", async () => {
    const funnel = await ok<{ id: string }>("POST", `/api/v1/sites/${site.id}/funnels`, { name: "Way", steps: STEPS });
    const panel = { id: "a", title: "All", chart: "number", question: { metrics: ["visitors"] }, grid };
    const told = { id: "n", title: "News", chart: "insights", question: null, grid: { ...grid, y: 4 } };
    const board = await ok<{ id: string }>("POST", `/api/v1/sites/${site.id}/boards`, {
      name: "Ours",
      panels: [told, panel],
    });
    const csv = "metric,value,source,date\nvisitors,8,A study,2026-01-01\nvisitors,5,A study,2025-01-01";
    await ok("POST", `/api/v1/sites/${site.id}/benchmarks`, { name: "A study", csv });
    const document = await preview([
      { id: "t", kind: "text", text: "Hello **all**\n\n- one\n- two" },
      { id: "w", kind: "funnel", funnelId: funnel.id },
      { id: "x", kind: "page_break" },
      { id: "o", kind: "board", boardId: board.id },
      { id: "i", kind: "insights" },
      { id: "q", kind: "quality" },
      { id: "b", kind: "benchmarks", metrics: ["visitors"] },
    ]);
    const parts = document.parts.map(({ id, title, breaksPage }) => [id, title, breaksPage]);
    expect(parts).toEqual([
      ["t", "", false],
      ["w", "Way", false],
      ["o", "Ours", true],
      ["o", "All", false],
      ["o", "News", false],
      ["i", "What changed", false],
      ["q", "Data quality", false],
      ["b", "Benchmarks", false],
    ]);
    const [text, list, bars] = blocksOf(document);
    expect(text).toEqual({ kind: "paragraph", text: "Hello all" });
    expect(list).toMatchObject({ kind: "list", items: [{ text: "one" }, { text: "two" }] });
    const steps = bars?.kind === "bars" ? bars.rows.map(({ cells, share }) => [cells[1]?.value, share]) : null;
    expect(steps).toEqual([
      [4, 1],
      [3, 0.75],
    ]);
    expect(document.parts[3]?.blocks).toMatchObject([{ kind: "figures", figures: [{ now: { value: 4 } }] }]);
    // Of the same period as the report's own.
    expect(document.parts[4]?.blocks).toEqual(document.parts[5]?.blocks);
    const benchmarks = document.parts[7]?.blocks[0];
    const row = benchmarks?.kind === "table" ? benchmarks.rows.map((cells) => cells.map(({ value }) => value)) : null;
    expect(row).toEqual([["Visitors", 4, "A study, 2026-01-01", 8, -50, expect.stringMatching(/^Behind/)]]);
  });

  it("is a page where that is asked for, which fetches nothing", async () => {
    const body = { name: "<b>Weekly</b>", sections: [figures, { id: "t", kind: "text", text: "<script>1</script>" }] };
    const page = await call<string>("POST", at(site, "/preview"), { body, headers: { accept: "text/html" } });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.body).toContain("&lt;b&gt;Weekly&lt;/b&gt;");
    expect(page.body).not.toMatch(/<script|src="(?!data:)/);
  });

  it("is refused of what cannot be, by the name of the field", async () => {
    const sections = [
      { ...figures, metrics: ["joy"] },
      { id: "w", kind: "funnel", funnelId: "none" },
      { id: "o", kind: "board", boardId: "none" },
      { id: "b", kind: "benchmarks", metrics: ["visitors"], sites: ["nowhere"] },
      { id: "p", kind: "question", chart: "line", question: { metrics: ["hope"] } },
    ];
    const { status, body } = await call<Problem>("POST", at(site), { body: { name: "Bad", sections } });
    expect(status).toBe(400);
    expect(body.errors?.map(({ path }) => path).sort()).toEqual([
      "sections.0.metrics.0",
      "sections.1.funnelId",
      "sections.2.boardId",
      "sections.3.sites.0",
      "sections.4.question.metrics.0",
    ]);
  });
});

describe("a report", () => {
  it("is made, read, listed, changed, had as a file and removed", async () => {
    const report = await ok<Report>("POST", at(site), { name: "Ours", sections: [figures] });
    const own = `/${report.id}`;
    expect(await ok("GET", at(site, own))).toEqual(report);
    expect(await ok("GET", at(site))).toMatchObject({ reports: [{ id: report.id, sections: 1 }], next: null });
    const body = { name: "Theirs", sections: [figures] };
    expect((await call("PUT", at(site, own), { body })).status).toBe(428);
    const changed = await call<Report>("PUT", at(site, own), { body, headers: { "if-match": '"1"' } });
    expect([changed.status, changed.body.version]).toEqual([200, 2]);
    const stale = await call<Problem>("PUT", at(site, own), { body, headers: { "if-match": '"1"' } });
    expect([stale.status, stale.body.code]).toEqual([412, "stale"]);
    const document = await ok<ReportDocument>("GET", at(site, `${own}/document?date_range=day`));
    expect(document).toMatchObject({ title: "Theirs", parts: [{ id: "f" }] });
    const file = await call<string>("GET", at(site, `${own}/files/html`));
    expect(file.headers.get("content-disposition")).toContain('filename="Theirs.html"');
    expect((await call<Problem>("GET", at(site, `${own}/files/doc`))).body.errors?.[0]?.path).toBe("format");
    expect((await call("DELETE", at(site, own))).status).toBe(204);
    expect((await call("GET", at(site, own))).status).toBe(404);
  });

  it("that is private is its maker's alone", async () => {
    await claimOwner();
    const [ann, ben] = [await join("main", "analyst"), await join("main", "analyst")];
    const as = ({ headers }: typeof ann) => ({ token: "", headers });
    const body = { name: "Mine", visibility: "private", sections: [figures] };
    const made = await call<Report>("POST", at(site), { ...as(ann), body });
    expect(made.status).toBe(201);
    const path = at(site, `/${made.body.id}/document`);
    expect((await call("GET", path, as(ann))).status).toBe(200);
    expect((await call("GET", path, as(ben))).status).toBe(404);
    expect((await call<{ reports: [] }>("GET", at(site), as(ben))).body.reports).toEqual([]);
  });

  it("can be made of each template as it stands", async () => {
    const path = `/api/v1/sites/${site.id}/report-templates`;
    const { templates } = await ok<{ templates: { name: string; report: object }[] }>("GET", path);
    expect(templates).toHaveLength(6);
    for (const { name, report } of templates) {
      const document = await ok<ReportDocument>("POST", at(site, "/preview"), report);
      const problems = blocksOf(document).filter(({ kind }) => kind === "problem");
      expect([name, problems]).toEqual([name, []]);
    }
  });
});
