import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../workers/domain/errors.ts";
import type { History } from "../../workers/domain/history.ts";
import type { QueryResult } from "../../workers/domain/query.ts";
import type { Reconciliation } from "../../workers/domain/reconciliation.ts";
import type { Site } from "../../workers/domain/site.ts";
import { readHistory, writeHistory } from "../../workers/store/histories.ts";
import { call, createSite, ok } from "./worker.ts";

const DAYS = `date,visitors,pageviews,bounces,visits,visit_duration
2024-01-01,3,7,1,4,90
2024-01-02,1,2,1,1,0
`;
const NAME = "imported_visitors_20240101_20240102.csv";

const at = (site: Site, path = "") => `/api/v1/sites/${site.id}/history${path}`;
const send = (site: Site, body: string, path = "") =>
  call<History & Problem>("POST", `${at(site, path)}?name=${NAME}`, { body });
const list = async (site: Site) => (await ok<{ histories: History[] }>("GET", at(site))).histories;

const rowsIn = (table: string, site: Site) =>
  env.DB.prepare(`select count(*) as n from ${table} where site_id = ?1`).bind(site.id).first<{ n: number }>();

describe("a history", () => {
  it("is imported once, whatever it is called and however often it is sent", async () => {
    const site = await createSite();
    const first = await send(site, DAYS);
    expect(first).toMatchObject({ status: 200, body: { tool: "plausible", from: "2024-01-01", to: "2024-01-02" } });
    expect((await send(site, DAYS)).body).toEqual(first.body);
    expect(await list(site)).toEqual([first.body]);
    expect(await rowsIn("history_days", site)).toEqual({ n: 2 });
  });

  it("is shown before it is imported, which keeps nothing", async () => {
    const site = await createSite();
    const { body } = await send(site, DAYS, "/preview");
    expect(body).toMatchObject({ totals: { visitors: 4, pageviews: 9 }, panels: [{ panel: "total", rows: 2 }] });
    expect(await list(site)).toEqual([]);
  });

  it("is removed alone", async () => {
    const site = await createSite();
    const { id } = (await send(site, DAYS)).body;
    const other = (await send(site, DAYS.replaceAll("2024-", "2023-"))).body;
    expect((await call("DELETE", at(site, `/${id}`))).status).toBe(204);
    expect(await list(site)).toEqual([other]);
    expect(await rowsIn("history_days", site)).toEqual({ n: 2 });
    expect((await call("DELETE", at(site, `/${id}`))).status).toBe(404);
  });

  it("is refused with file, line and column, and then nothing of it is kept", async () => {
    const site = await createSite();
    const { status, body } = await send(site, DAYS.replace("2,1,1,0", "2,1,one,0"));
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: `${NAME}:3:visits`, message: expect.stringContaining("“one”") }]);
    expect(await rowsIn("history_days", site)).toEqual({ n: 0 });
  });

  it("is refused over 16 MB", async () => {
    const site = await createSite();
    expect((await send(site, " ".repeat(16 * 2 ** 20 + 1))).status).toBe(413);
  });

  it("that broke off is not listed, and made whole by sending it again", async () => {
    const site = await createSite();
    const { createdAt, ...whole } = (await send(site, DAYS)).body;
    await env.DB.batch([
      env.DB.prepare("delete from history_days where site_id = ?1 and date = '2024-01-02'").bind(site.id),
      env.DB.prepare("update histories set complete = 0 where site_id = ?1").bind(site.id),
    ]);
    expect(await list(site)).toEqual([]);
    expect((await send(site, DAYS)).body).toMatchObject(whole);
    expect(await rowsIn("history_days", site)).toEqual({ n: 2 });
  });

  it("keeps days of more values than a row of the database holds", async () => {
    const site = await createSite();
    const rows = Array.from({ length: 5000 }, (_, n) => [`/${"x".repeat(300)}/${n}`, n, 0, 0, 0, 0, 0] as const);
    const history = { ...(await send(site, DAYS)).body, id: "large" };
    await writeHistory(env.DB, site.id, history, [{ panel: "event:page", date: "2024-01-01", rows }]);
    const read = { id: "large", panel: "event:page", from: "2024-01-01", to: "2024-01-01" };
    const days = await readHistory(env.DB, site.id, read);
    expect(days.length).toBeGreaterThan(2);
    expect(days.flatMap((day) => day.rows)).toEqual(rows);
  });
});

describe("an answer", () => {
  it("includes history for days before the first own event, until that is removed", async () => {
    const site = await createSite();
    const { id } = (await send(site, DAYS)).body;
    const ask = async () => {
      const [answer] = await ok<QueryResult[]>("POST", "/api/v2/query", [
        {
          site_id: site.id,
          metrics: ["visitors", "visits", "pageviews"],
          date_range: ["2024-01-01", "2024-01-02"],
          include: { imports: true },
        },
      ]);
      return answer!;
    };
    expect(await ask()).toMatchObject({
      results: [{ metrics: [4, 5, 9] }],
      meta: { imports_included: true, imports: [{ id, tool: "plausible" }], notes: [{ code: "imported" }] },
    });
    expect(await ok("GET", `/api/v1/sites/${site.id}/status`)).toMatchObject({ historyFrom: "2024-01-01" });
    await call("DELETE", at(site, `/${id}`));
    expect((await ask()).results[0]!.metrics).toEqual([0, 0, 0]);
  });
});

describe("a reconciliation", () => {
  /** On the first day as many page views as theirs, in fewer visits; on the second none. */
  async function withEvents(site: Site): Promise<void> {
    const events = Array.from({ length: 7 }, (_, line) => ({
      line,
      at: Date.UTC(2024, 0, 1, 12) + line * 60_000,
      name: "pageview",
      url: `https://example.com/p${line}`,
      visitor: `203.0.113.${line % 3}`,
    }));
    await ok("POST", `/api/v1/sites/${site.id}/import`, { import: { id: "our-own", label: "own" }, events });
  }

  const compare = (site: Site, query: string) =>
    call<Reconciliation & Problem>("GET", `/api/v1/sites/${site.id}/reconciliation?${query}`);

  it("lays both counts side by side and tells the causes", async () => {
    const site = await createSite();
    await withEvents(site);
    const { id } = (await send(site, DAYS)).body;
    const { body } = await compare(site, `history=${id}`);
    expect(body).toMatchObject({
      from: "2024-01-01",
      to: "2024-01-02",
      timeZone: "UTC",
      pages: null,
      sources: null,
      days: [
        { value: "2024-01-01", theirs: { visits: 4, pageviews: 7 }, ours: { visits: 3, pageviews: 7 } },
        { value: "2024-01-02", theirs: { visits: 1, pageviews: 2 }, ours: { visits: 0, pageviews: 0 } },
      ],
    });
    const causes = body.explained.map((one) => one.causes.map(({ cause, amount }) => [cause, amount]));
    expect(causes).toEqual([
      [["only_theirs", 1]],
      [
        ["only_theirs", 1],
        ["visit_definition", 1],
      ],
      [["only_theirs", 2]],
    ]);
    expect(body.explained.map(({ unexplained }) => unexplained)).toEqual([0, 0, 0]);
  });

  it("counts our events anew in the other tool's zone", async () => {
    const site = await createSite();
    await withEvents(site);
    const { id } = (await send(site, DAYS)).body;
    const { body } = await compare(site, `history=${id}&timeZone=Pacific/Kiritimati`);
    expect(body.days[1]).toMatchObject({ value: "2024-01-02", ours: { pageviews: 7 } });
    expect(body.explained[2]!.causes[0]).toMatchObject({ cause: "time_zone", amount: 0 });
  });

  it("refuses what cannot be compared, with the remedy", async () => {
    const site = await createSite();
    const { id } = (await send(site, DAYS)).body;
    expect(await compare(site, "history=none")).toMatchObject({ status: 404 });
    expect(await compare(site, `history=${id}&from=2024-02-30`)).toMatchObject({ status: 400 });
    expect(await compare(site, `history=${id}&from=2024-01-05&to=2024-01-01`)).toMatchObject({ status: 400 });
    expect(await compare(site, `history=${id}&from=2022-01-01`)).toMatchObject({ status: 400 });
    expect(await compare(site, `history=${id}&timeZone=Moon`)).toMatchObject({ status: 400 });
  });
});
