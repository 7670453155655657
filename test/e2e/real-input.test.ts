// The main job on real input: `npm run replay` brings two real files to a real server, and what it and its database then
// say is compared, figure by figure, with answers that other programs computed.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { fixturesDir, readJsonFixture } from "../support/fixtures.ts";
import { startReplay } from "../support/replay.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { type Traffic, trafficByQuery, trafficInD1 } from "../support/stored-traffic.ts";

type Triple = [string, number, number];
type Day = [string, number, number, number];

interface ApacheAnswers {
  all_traffic: {
    pageviews: number;
    visitors: number;
    sessions: number;
    bounce_sessions: number;
    per_day: Day[];
    top_pages: Triple[];
  };
}

interface PlausibleAnswers {
  totals: { pageviews: number; visitors: number };
  rows: { events: number };
  events_by_name: Record<string, number>;
  per_day: Day[];
  top_pages: Triple[];
  sessions_30min_rule: { sessions: number; bounces_one_pageview: number };
}

const APACHE = {
  file: "web/apache_semicomplete_2015-05.log.gz",
  period: ["2015-05-17", "2015-05-20"],
} satisfies Partial<Source>;
const PLAUSIBLE = {
  file: "web/plausible_io_2024-03_events.csv.gz",
  period: ["2024-03-28", "2024-03-31"],
} satisfies Partial<Source>;

interface Source {
  file: string;
  period: [string, string];
}

interface Import extends Source {
  site: string;
  options: string[];
}

const IMPORTS = {
  apache: { ...APACHE, site: "apache", options: ["--bots", "keep"] },
  apacheDaily: { ...APACHE, site: "apache-daily", options: ["--bots", "keep", "--visitors", "daily"] },
  plausible: { ...PLAUSIBLE, site: "plausible", options: ["--bots", "keep"] },
  plausibleDaily: { ...PLAUSIBLE, site: "plausible-daily", options: ["--bots", "keep", "--visitors", "daily"] },
  interrupted: { ...APACHE, site: "interrupted", options: ["--bots", "keep"] },
} satisfies Record<string, Import>;

const NOTHING = {
  events: 0,
  pageviews: 0,
  visitors: 0,
  sessions: 0,
  bounces: 0,
  days: [],
  pages: new Map(),
  byName: {},
};

describe.skipIf(!fixturesDir)("real input", () => {
  const apache = fixturesDir
    ? readJsonFixture<ApacheAnswers>("web/apache_semicomplete_2015-05_answers.json").all_traffic
    : null;
  const plausible = fixturesDir ? readJsonFixture<PlausibleAnswers>("web/plausible_io_2024-03_answers.json") : null;
  let server: TestServer;
  let api: TestApi;

  beforeAll(async () => {
    server = await startTestServer();
    api = connectTestApi(server);
  });
  afterAll(() => server?.discard());

  const replay = ({ file, site, options }: Import, ...more: string[]) =>
    startReplay(server, file, ["--site", site, ...options, ...more]);
  const byQuery = ({ site, period }: Import) => trafficByQuery(api, site, period);

  /** The pages that the answers list, with the figures that a witness gives for them. */
  const listed = (traffic: Traffic, pages: readonly Triple[]) =>
    pages.map(([path]) => [path, ...(traffic.pages.get(path) ?? [])]);

  function expectApache(traffic: Traffic): void {
    expect(traffic).toMatchObject({
      events: apache?.pageviews,
      pageviews: apache?.pageviews,
      visitors: apache?.visitors,
      sessions: apache?.sessions,
      bounces: apache?.bounce_sessions,
      days: apache?.per_day,
    });
    expect(listed(traffic, apache?.top_pages ?? [])).toEqual(apache?.top_pages);
  }

  function expectPlausible(traffic: Traffic): void {
    expect(traffic).toMatchObject({
      events: plausible?.rows.events,
      pageviews: plausible?.totals.pageviews,
      visitors: plausible?.totals.visitors,
      sessions: plausible?.sessions_30min_rule.sessions,
      bounces: plausible?.sessions_30min_rule.bounces_one_pageview,
      byName: plausible?.events_by_name,
    });
    // The answers' visits a day are of Plausible's own sessions, not of the 30-minute rule.
    expect(traffic.days.map(([...day]) => day.slice(0, 3))).toEqual(plausible?.per_day.map((day) => day.slice(0, 3)));
    expect(listed(traffic, plausible?.top_pages ?? [])).toEqual(plausible?.top_pages);
  }

  /** Without cookies a visitor of two days is two visitors, so the days add up. */
  function expectDaily(traffic: Traffic, days: readonly Day[] = []): void {
    expect(traffic.visitors).toBe(days.reduce((sum, [, , visitors]) => sum + visitors, 0));
    expect(traffic.pageviews).toBe(days.reduce((sum, [, pageviews]) => sum + pageviews, 0));
    expect(traffic.days.map(([...day]) => day.slice(0, 3))).toEqual(days.map((day) => day.slice(0, 3)));
  }

  const expected: [string, Import, (traffic: Traffic) => void][] = [
    ["the Apache log, its visitors given", IMPORTS.apache, expectApache],
    ["the Apache log, visitors by the day", IMPORTS.apacheDaily, (traffic) => expectDaily(traffic, apache?.per_day)],
    ["the Plausible events, with their own visitors", IMPORTS.plausible, expectPlausible],
    [
      "the Plausible events, visitors by the day",
      IMPORTS.plausibleDaily,
      (traffic) => expectDaily(traffic, plausible?.per_day),
    ],
  ];

  it("is held to the figures that its answers files state", () => {
    expect(apache).toMatchObject({ pageviews: 3904, visitors: 1263, sessions: 2284, bounce_sessions: 1632 });
    expect(plausible).toMatchObject({
      totals: { pageviews: 6298, visitors: 497 },
      sessions_30min_rule: { sessions: 2096, bounces_one_pageview: 894 },
    });
  });

  it.each(expected)("%s: the query API gives the known figures", async (_name, of, expectFigures) => {
    const summary = await replay(of, "--create").summary;
    expect(summary).toMatchObject({ outcome: "imported", duplicate: 0, refused: {}, accepted: summary.sent });
    expectFigures(await byQuery(of));
  });

  it("the same file again is told to be there already, and counts nothing twice", async () => {
    const summary = await replay(IMPORTS.apache).summary;
    expect(summary).toMatchObject({ outcome: "already-imported", sent: 0, accepted: 0 });
    expectApache(await byQuery(IMPORTS.apache));
  });

  it("a replay that is killed in the middle goes on with the same command, and each line counts once", async () => {
    const { site } = IMPORTS.interrupted;
    await api.createSite({ id: site });
    const killed = replay(IMPORTS.interrupted, "--batch", "4");
    const imports = async () => {
      const { body } = await api.request<{ imports: { state: string; events: number }[] }>(
        "GET",
        `/api/v1/sites/${site}/import`,
      );
      return body.imports;
    };
    await expect
      .poll(async () => (await imports())[0]?.events ?? 0, { interval: 5, timeout: 30_000 })
      .toBeGreaterThan(100);
    await killed.kill();
    const [before] = await imports();
    expect(before).toMatchObject({ state: "open" });
    expect(before?.events).toBeLessThan(apache?.pageviews ?? 0);

    const summary = await replay(IMPORTS.interrupted).summary;
    expect(summary).toMatchObject({ outcome: "imported", refused: {} });
    expect(summary.accepted).toBeLessThan(apache?.pageviews ?? 0);
    expect(await imports()).toMatchObject([{ state: "finished", events: apache?.pageviews }]);
    expectApache(await byQuery(IMPORTS.interrupted));
  });

  it("D1's `events` view gives the same figures", async () => {
    for (const { site } of Object.values(IMPORTS)) await api.flush(site);
    await server.stop();
    for (const [, { site }, expectFigures] of expected) expectFigures(trafficInD1(server.dataDir, site));
    expectApache(trafficInD1(server.dataDir, IMPORTS.interrupted.site));
  });

  it("the figures outlast a restart, and undo leaves nothing in the API nor in D1", async () => {
    await server.restart();
    expectApache(await byQuery(IMPORTS.apache));
    for (const of of Object.values(IMPORTS)) {
      const { events } = await byQuery(of);
      const summary = await replay(of, "--undo").summary;
      expect(summary).toMatchObject({ outcome: "undone", removed: events });
      expect(await byQuery(of)).toEqual(NOTHING);
      await api.flush(of.site);
    }
    await server.stop();
    for (const { site } of Object.values(IMPORTS)) expect(trafficInD1(server.dataDir, site)).toEqual(NOTHING);
  });
});
