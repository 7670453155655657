// What fields are worth beyond their schemas: names that the site knows, questions that can be answered.
import fc from "fast-check";
import { cursorText } from "../../workers/api/cursor.ts";
import { metrics } from "../../workers/catalog/metrics/index.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type Schema, validFor } from "./openapi-requests.ts";
import { PASSWORD } from "./people.ts";
import { ADMIN_TOKEN } from "./worker.ts";

const FILTERS = [
  ["is", "event:page", ["/"]],
  ["contains", "visit:country", ["D"], { case_sensitive: false }],
  ["or", [["is", "event:name", ["signup"]], ["not", ["matches", "event:page", ["^/x"]]]]],
  ["has_done", ["is", "event:name", ["signup"]]],
] as const; // biome-ignore format: one line each

const CURSORS = [
  [1, "a"],
  [-1e308, ""],
  ["a"],
  ...[1e300, 8.64e15, 1.5, 1_795_000_000_000].map((to) => ({
    offset: 1,
    span: { period: { from: 0, to }, comparison: null, running: false },
    by: "id",
    order: "asc",
    agent: null,
  })),
].map(cursorText);

/** Mostly what is known, at times whatever the schema allows. */
export function knownValues({ id }: Site, components: Record<string, Schema>): Record<string, fc.Arbitrary<unknown>> {
  const filter = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<unknown>(...FILTERS) },
    { weight: 1, arbitrary: validFor(components.Filter!, { components, known: {} }) },
  );
  const metric = fc.constantFrom(...Object.keys(metrics), "signups");
  const step = fc.constantFrom({ event: "pageview" }, { event: "signup" }, { page: "/*" }, { goal: "none" });
  return {
    site: fc.constant(id),
    site_id: fc.constant(id),
    metrics: fc.uniqueArray(metric, { minLength: 1, maxLength: 3 }),
    metric,
    dimensions: fc.subarray(["event:page", "visit:country", "time:day", "event:props:plan"]),
    breakdown: fc.constantFrom("visit:country", "none"),
    filter,
    filters: fc.array(filter, { minLength: 1, maxLength: 3 }),
    steps: fc.array(step, { minLength: 2, maxLength: 3 }),
    analysis: fc.constantFrom("funnel", "retention", "paths", "properties", "none"),
    formula: fc.constantFrom("visitors", "signups / visitors * 100", "1 +", "none"),
    date_range: fc.constantFrom<unknown>("7d", "30d", "month", "12mo", "all", "soon", ["2026-11-01", "2026-11-20"]),
    by: fc.constantFrom("id", "messages", "visitor", "charm"),
    cursor: fc.constantFrom(...CURSORS),
    query: fc.constantFrom(
      `{ site(id: "${id}") { settings { name } agents(date_range: "7d") { total } } }`,
      `{ site(id: "${id}") { query(metrics: ["visitors"], date_range: "7d") { results { metrics } } } }`,
      `mutation { makeGoal(site: "${id}", kind: "event", match: "signup") { id } }`,
      "{ nothing }",
    ),
    timeZone: fc.constantFrom("UTC", "Asia/Kathmandu", "Nowhere"),
    currency: fc.constantFrom("EUR", "USD"),
    // More would move the site's history, which is slow and not asked for here.
    shards: fc.constant(1),
    from: fc.constantFrom("2026-11-01", "2020-01-01"),
    to: fc.constantFrom("2026-11-30", "2030-01-01"),
    token: fc.constantFrom("garbage", ADMIN_TOKEN),
    email: fc.constantFrom("ada@example.com", "Ben@Example.com", "no address"),
    password: fc.constantFrom(PASSWORD, "short"),
  };
}
