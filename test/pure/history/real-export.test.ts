// Plausible's own sessions of March 2024 as its export, beside our count of the same events.
import { describe, expect, it } from "vitest";
import { readExport } from "../../../workers/history/read-export.ts";
import { reconcile } from "../../../workers/history/reconcile.ts";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { plausibleExportFiles, zipOf } from "../../support/plausible-export.ts";
import { aSite, portsOf, rowsOf } from "../../support/shards.ts";
import { plausibleEvents } from "../../support/web-fixtures.ts";

type Day = [date: string, pageviews: number, visitors: number, visits: number];

interface Answers {
  totals: { pageviews: number; visits: number; bounce_rate_pct: number; visit_duration_s: number };
  per_day: Day[];
  sessions_30min_rule: { sessions: number };
}

const SPAN = { from: "2024-03-28", to: "2024-03-31" };
const METRICS = ["visitors", "visits", "pageviews"];

describe.skipIf(!fixturesDir)("Plausible's export of March 2024", async () => {
  if (!fixturesDir) return;
  const answers = readJsonFixture<Answers>("web/plausible_io_2024-03_answers.json");
  const read = readExport(zipOf(plausibleExportFiles()), { name: "export.zip", now: Date.UTC(2026, 10, 27) });
  if ("errors" in read) throw new Error(JSON.stringify(read));
  const history = { id: "1", name: "export.zip", createdAt: 0, ...read.content };
  const theirs = (panel: string) => ({
    days: [...read.days()].filter((day) => day.panel === panel),
    measures: read.content.panels.find((one) => one.panel === panel)!.measures,
  });
  const ports = portsOf(plausibleEvents(), { site: aSite({ shards: 2 }) });

  async function ownRows(dimension?: string) {
    const dimensions = ["time:day", ...(dimension ? [dimension] : [])];
    const rows = await rowsOf(ports, { date_range: [SPAN.from, SPAN.to], metrics: METRICS, dimensions });
    return rows.map((row) => ({
      date: String(row[0]),
      value: dimension ? String(row[1]).replace(/^(Direct \/ None|\(not set\))$/, "") : "",
      counts: row.slice(-3).map(Number),
    }));
  }

  const compared = async () =>
    reconcile({
      history,
      ...SPAN,
      timeZone: "UTC",
      theirs: { days: theirs("total"), pages: theirs("event:page"), sources: theirs("visit:source") },
      ours: {
        days: await ownRows(),
        pages: await ownRows("event:page"),
        sources: await ownRows("visit:source"),
        visitors: 497,
      },
      ownZone: null,
      isExcluded: () => false,
      drops: {},
    });

  it("holds the figures that its own system is known by", () => {
    const { pageviews, visits, bounce_rate_pct, visit_duration_s } = answers.totals;
    const { totals, panels, tool, from, to } = read.content;
    expect({ tool, from, to }).toEqual({ tool: "plausible", ...SPAN });
    expect(totals).toMatchObject({ pageviews, visits, events: null });
    expect((100 * totals.bounces!) / visits).toBeCloseTo(bounce_rate_pct, 3);
    expect(totals.duration! / visits / 1000).toBeCloseTo(visit_duration_s, 3);
    expect(panels.map(({ panel }) => panel)).toEqual(
      expect.arrayContaining([
        "total",
        "event:page",
        "visit:entry_page",
        "visit:source",
        "visit:country",
        "event:name",
      ]),
    );
  });

  it("agrees with our page views to the last one, by day and by page", async () => {
    const { days, pages, explained } = await compared();
    expect(days.map(({ value, theirs, ours }) => [value, theirs.pageviews, ours.pageviews])).toEqual(
      answers.per_day.map(([date, pageviews]) => [date, pageviews, pageviews]),
    );
    expect(pages!.rows.filter(({ theirs, ours }) => theirs.pageviews !== ours.pageviews)).toEqual([]);
    expect(pages!.total).toBe(pages!.rows.length);
    expect(explained[2]).toMatchObject({ measure: "pageviews", difference: 0, causes: [], unexplained: 0 });
  });

  it("differs in visits, which is told as another definition of a visit", async () => {
    const { explained, days } = await compared();
    const [theirVisits, ourVisits] = [answers.totals.visits, answers.sessions_30min_rule.sessions];
    expect(explained[1]).toMatchObject({ measure: "visits", theirs: theirVisits, ours: ourVisits, unexplained: 0 });
    expect(explained[1]!.causes).toEqual([
      {
        cause: "visit_definition",
        amount: theirVisits - ourVisits,
        share: 100,
        atMost: false,
        evidence: expect.stringContaining("on 4 of 4 days both count the same page views"),
      },
    ]);
    expect(days.map(({ theirs }) => theirs.visits)).toEqual(answers.per_day.map(([, , , visits]) => visits));
  });
});
