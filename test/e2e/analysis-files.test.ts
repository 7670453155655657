// Analyses as files: whatever the format, readers that are not ours find the figures of the answer in it.

import { read, utils } from "@e965/xlsx";
import { tableFromIPC } from "apache-arrow";
import { parse } from "csv-parse/sync";
import { readParquet } from "parquet-wasm";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FunnelResult } from "../../workers/analyses/funnel.ts";
import type { PathsResult } from "../../workers/analyses/paths.ts";
import type { PropertiesResult } from "../../workers/analyses/properties.ts";
import type { RetentionResult } from "../../workers/analyses/retention.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "files.example";
const DAY_MS = 24 * 3_600_000;
const START = Date.UTC(2026, 9, 5, 9);
const PERIOD = ["2026-10-05", "2026-10-11"];

let server: TestServer;
let api: TestApi;

/** Twelve visitors: all begin at /, the first eight go on to /pricing, four of them sign up and come back two days later. */
function history() {
  const events: { line: number; at: number; visitor: string; name: string; url: string; props?: object }[] = [];
  const add = (at: number, visitor: number, name: string, path: string, props = {}) =>
    events.push({
      line: events.length,
      at,
      visitor: `v${visitor}`,
      name,
      url: `https://${SITE}${path}`,
      props,
    });
  for (let visitor = 0; visitor < 12; visitor++) {
    const at = START + visitor * 60_000;
    add(at, visitor, "pageview", "/");
    if (visitor < 8) add(at + 10_000, visitor, "pageview", "/pricing");
    if (visitor >= 4) continue;
    add(at + 30_000, visitor, "signup", "/pricing", { plan: visitor < 3 ? "=large" : "small", seats: visitor + 1 });
    add(at + 2 * DAY_MS, visitor, "pageview", "/");
  }
  return events;
}

beforeAll(async () => {
  server = await startTestServer();
  api = connectTestApi(server);
  await api.createSite({ id: SITE, timeZone: "UTC" });
  const body = { import: { id: "the-history", label: "one", visitors: "given", bots: "keep" }, events: history() };
  const sent = await api.request("POST", `/api/v1/sites/${SITE}/import`, { body });
  expect(sent).toMatchObject({ status: 200 });
});
afterAll(() => server.discard());

type Row = Record<string, unknown>;
type Asked = { analysis: string; params: object } | { metrics: string[]; dimensions: string[] };

const question = (asked: Asked) => ({ site_id: SITE, date_range: PERIOD, ...asked });

async function answerTo<Results>(asked: Asked): Promise<Results> {
  const { status, body } = await api.request<{ results: Results }>("POST", "/api/v2/query", { body: question(asked) });
  expect(status).toBe(200);
  return body.results;
}

async function fileOf(asked: Asked, format: string): Promise<Uint8Array> {
  const response = await fetch(`${server.url}/api/v2/query?format=${format}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.adminToken}`, "content-type": "application/json" },
    body: JSON.stringify(question(asked)),
  });
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const READERS: Record<string, (bytes: Uint8Array) => Row[]> = {
  csv: (bytes) => parse(textOf(bytes), { comment: "#", columns: true }),
  json: (bytes) => JSON.parse(textOf(bytes)).rows,
  ndjson: (bytes) =>
    textOf(bytes)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  xlsx: (bytes) => utils.sheet_to_json(read(bytes).Sheets.Data!, { defval: null }),
  parquet: (bytes) => Array.from(tableFromIPC(readParquet(bytes).intoIPCStream()), (row) => row?.toJSON() as Row), // of an arrow table
};

/** What all formats can say: no number is nothing, and a text that could be a formula is disarmed in CSV alone. */
const plain = (rows: Row[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, `${value ?? ""}`.replace(/^'(?=[=+@-])/, "")]),
    ),
  );

/** Equal rows from every format. */
async function rowsOf(asked: Asked): Promise<Record<string, string>[]> {
  const [first = [], ...others] = await Promise.all(
    Object.entries(READERS).map(async ([format, rows]) => plain(rows(await fileOf(asked, format)))),
  );
  for (const other of others) expect(other).toEqual(first);
  return first;
}

const STEPS = [{ page: "/" }, { page: "/pricing" }, { event: "signup" }];

it("a funnel is a row a step, with a breakdown for each value and for all", async () => {
  const asked = { analysis: "funnel", params: { steps: STEPS, window: DAY_MS } };
  const { steps } = await answerTo<FunnelResult>(asked);
  const rows = await rowsOf(asked);
  expect(rows.map(({ step, name, count, dropped }) => [step, name, count, dropped])).toEqual(
    steps.map(({ name, count, dropped }, place) => [`${place + 1}`, name, `${count}`, `${dropped}`]),
  );
  expect(rows.map(({ count }) => count)).toEqual(["12", "8", "4"]);
  expect(rows.map((row) => [row.since_previous_median_ms, row.since_first_mean_ms])).toEqual(
    steps.map((step) => [`${step.since_previous?.median_ms ?? ""}`, `${step.since_first?.mean_ms ?? ""}`]),
  );
  const split = { ...asked, params: { ...asked.params, breakdown: "event:page" } };
  const { breakdown } = await answerTo<FunnelResult>(split);
  const values = (await rowsOf(split)).map(({ value, count }) => [value, count]);
  expect(values).toEqual([
    ...steps.map(({ count }) => ["", `${count}`]),
    ...breakdown!.flatMap((group) => group.steps.map(({ count }) => [group.value, `${count}`])),
  ]);
});

it("retention is a row for each cohort and day since", async () => {
  const asked = { analysis: "retention", params: { cohort: { event: "pageview" }, granularity: "day", by: "visitor" } };
  const { cohorts } = await answerTo<RetentionResult>(asked);
  const rows = await rowsOf(asked);
  expect(rows.map(({ cohort, size, since, returned }) => [cohort, size, since, returned])).toEqual(
    cohorts.flatMap(({ cohort, size, returned }) =>
      returned.map((count, since) => [cohort, `${size}`, `${since}`, `${count}`]),
    ),
  );
  expect(rows.find(({ cohort, since }) => cohort === PERIOD[0] && since === "2")).toMatchObject({
    size: "12",
    returned: "4",
  });
});

it("paths are a row for each way, those that end without a next, those that began without one before", async () => {
  for (const params of [{}, { to: { page: "/pricing" } }]) {
    const asked = { analysis: "paths", params: { ...params, depth: 3 } };
    const { nodes, links, sessions } = await answerTo<PathsResult>(asked);
    const rows = await rowsOf(asked);
    expect(rows).toHaveLength(links.length + nodes.filter(({ stops }) => stops).length);
    const nothing = "to" in params ? "value" : "next_value";
    const sum = (own: typeof rows) => own.reduce((total, row) => total + Number(row.sessions), 0);
    expect(sum(rows.filter((row) => row[nothing] === ""))).toBe(
      nodes.reduce((all, { stops }) => all + (stops ?? 0), 0),
    );
    expect(sum(rows.filter((row) => row[nothing] !== ""))).toBe(links.reduce((all, link) => all + link.sessions, 0));
    const near = "to" in params ? "next_step" : "step";
    expect(sum(rows.filter((row) => row[near] === "0"))).toBe(sessions);
  }
});

it("properties are a row each, with what their numbers come to, or a row for each value of one", async () => {
  const { properties } = await answerTo<PropertiesResult>({ analysis: "properties", params: {} });
  const rows = await rowsOf({ analysis: "properties", params: {} });
  expect(rows.map(({ name, events, numeric_sum }) => [name, events, numeric_sum])).toEqual(
    properties.map(({ name, events, numeric }) => [name, `${events}`, `${numeric?.sum ?? ""}`]),
  );
  expect(rows.find(({ name }) => name === "seats")).toMatchObject({ events: "4", numeric_sum: "10", numeric_max: "4" });
  expect(await rowsOf({ analysis: "properties", params: { property: "plan" } })).toEqual([
    { value: "=large", events: "3", visitors: "3" },
    { value: "small", events: "1", visitors: "1" },
  ]);
});

it("a series of time is a row a bucket", async () => {
  const asked = { metrics: ["visitors", "pageviews"], dimensions: ["time:day"] };
  expect(await rowsOf(asked)).toEqual([
    { "time:day": "2026-10-05", visitors: "12", pageviews: "20" },
    { "time:day": "2026-10-07", visitors: "4", pageviews: "4" },
  ]);
});

it("a file says which analysis it is, of what", async () => {
  const bytes = await fileOf({ analysis: "properties", params: { property: "plan", limit: 1 } }, "json");
  expect(JSON.parse(textOf(bytes)).about).toMatchObject({
    Site: SITE,
    Analysis: "properties",
    Exact: "yes",
    "Left out": "1 values of 1 events",
  });
});
