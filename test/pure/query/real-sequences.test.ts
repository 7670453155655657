import { describe, expect, it } from "vitest";
import type { FunnelResult } from "../../../workers/analyses/funnel.ts";
import type { RetentionResult } from "../../../workers/analyses/retention.ts";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { analyse, aSite, portsOf } from "../../support/shards.ts";
import { cdnowEvents, ottoEvents } from "../../support/shop-fixtures.ts";
import { plausibleEvents } from "../../support/web-fixtures.ts";

const countsOf = ({ results }: { results: FunnelResult }) => results.steps.map(({ count }) => count);

describe.skipIf(!fixturesDir)("the funnel of the Plausible events, on three shards", async () => {
  if (!fixturesDir) return;
  const { funnel } = readJsonFixture<{ funnel: { by_visitor: number[]; by_session: number[] } }>(
    "web/plausible_io_2024-03_answers.json",
  );
  const events = plausibleEvents();
  const site = aSite({ shards: 3 });
  const steps = [{ page: "/sites" }, { page: "/:dashboard" }, { page: "/:dashboard/settings*" }];
  const ask = (ports: ReturnType<typeof portsOf>, params: object) =>
    analyse<FunnelResult>(ports, {
      analysis: "funnel",
      date_range: ["2024-03-28", "2024-03-31"],
      params: { steps, ...params },
    });

  it("has the known counts by visitor", async () => {
    expect(countsOf(await ask(portsOf(events, { site }), {}))).toEqual(funnel.by_visitor);
  });

  it("has the known counts by the file's own sessions", async () => {
    const bySession = plausibleEvents("session_id");
    expect(countsOf(await ask(portsOf(bySession, { site }), {}))).toEqual(funnel.by_session);
  });

  it("has, by sessions of half an hour, the counts of an independent program", async () => {
    expect(countsOf(await ask(portsOf(events, { site }), { by: "session" }))).toEqual([656, 467, 17]);
  });

  it("says that ids which change daily were counted over four days", async () => {
    expect((await ask(portsOf(events, { site }), {})).meta.notes).toEqual([
      { code: "rotating_ids", message: expect.stringContaining("180 visitor ids") },
    ]);
  });
});

describe.skipIf(!fixturesDir)("the funnel of the OTTO sessions", async () => {
  if (!fixturesDir) return;
  const answers = readJsonFixture<{ funnel_ordered_clicks_carts_orders: number[] }>(
    "ecommerce/otto_sessions_sample_answers.json",
  );

  it("has the known counts", async () => {
    const steps = [{ event: "clicks" }, { event: "carts" }, { event: "orders" }];
    const answer = await analyse<FunnelResult>(portsOf(ottoEvents(), { site: aSite({ shards: 2 }) }), {
      analysis: "funnel",
      date_range: ["2022-07-01", "2022-09-30"],
      params: { steps },
    });
    expect(countsOf(answer)).toEqual(answers.funnel_ordered_clicks_carts_orders);
  });
});

describe.skipIf(!fixturesDir)("the purchases of CDNOW, on two shards", async () => {
  if (!fixturesDir) return;
  const { monthly_cohort_active: expected } = readJsonFixture<{ monthly_cohort_active: Record<string, number[]> }>(
    "ecommerce/cdnow_answers.json",
  );

  it("have the known monthly retention", async () => {
    const answer = await analyse<RetentionResult>(portsOf(await cdnowEvents(), { site: aSite({ shards: 2 }) }), {
      analysis: "retention",
      date_range: ["1997-01-01", "1998-06-30"],
      params: { cohort: { event: "purchase" }, granularity: "month" },
    });
    const months = Object.entries(expected).map(([month, active], index) => ({
      cohort: `${month}-01`,
      size: active[0]!,
      // Months after the last of the data are zeros in the answers and absent from the result.
      returned: active.slice(0, 18 - index),
    }));
    expect(answer.results.cohorts.slice(0, 3)).toEqual(months);
    expect(answer.results.cohorts.slice(3).every(({ size }) => size === 0)).toBe(true);
    expect(answer.meta.notes).toBeUndefined();
  });
});
