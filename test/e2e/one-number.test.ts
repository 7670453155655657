// The same question gives the same numbers whichever way it is asked, and files open in readers that are not ours.

import { read, utils } from "@e965/xlsx";
import { tableFromIPC } from "apache-arrow";
import { parse } from "csv-parse/sync";
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  parse as parseGraphQL,
  validate,
} from "graphql";
import { readParquet } from "parquet-wasm";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { QueryInput, QueryResult } from "../../workers/domain/query.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "one.example";
const PAGES = ["/", "/pricing", "/=cmd|'/C calc'!A0", '/größe,"quoted"', "/日本語"];

let server: TestServer;
let api: TestApi;

beforeAll(async () => {
  server = await startTestServer({ trustProxy: true });
  api = connectTestApi(server);
  await api.createSite({ id: SITE, timeZone: "Asia/Kathmandu" });
  for (let visitor = 1; visitor <= 12; visitor++) {
    const events = Array.from({ length: visitor }, (_, view) => ({
      site: SITE,
      name: "pageview",
      url: `https://one.example${PAGES[(visitor + view) % PAGES.length]}`,
    }));
    const { status } = await api.send(events, { "x-forwarded-for": `203.0.113.${visitor}` });
    expect(status).toBe(202);
  }
});

afterAll(() => server.stop());

const ASKED = {
  date_range: "day",
  dimensions: ["event:page"],
  metrics: ["visitors", "pageviews", "bounce_rate"],
} satisfies Omit<QueryInput, "site_id">;
const QUESTION = { site_id: SITE, ...ASKED };

async function fileOf(format: string, question: object = QUESTION): Promise<{ bytes: Uint8Array; headers: Headers }> {
  const response = await fetch(`${server.url}/api/v2/query?format=${format}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.adminToken}`, "content-type": "application/json" },
    body: JSON.stringify(question),
  });
  expect(response.status).toBe(200);
  return { bytes: new Uint8Array(await response.arrayBuffer()), headers: response.headers };
}

type Row = [page: string, visitors: number, pageviews: number, bounceRate: number];

const textOf = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes);
const rowOf = (row: Record<string, unknown>): Row => [
  String(row["event:page"]),
  Number(row.visitors),
  Number(row.pageviews),
  Number(row.bounce_rate),
];

const DOCUMENT = `query ($dimensions: [String!], $metrics: [String!]!, $date_range: JSON!) {
  site(id: "${SITE}") {
    query(dimensions: $dimensions, metrics: $metrics, date_range: $date_range) { results { dimensions metrics } }
  }
}`;

async function graphql<Told>(query: string, variables: object = {}): Promise<Told> {
  const { body } = await api.request<{ data: Told }>("POST", "/graphql", { body: { query, variables } });
  expect(body).not.toHaveProperty("errors");
  return body.data;
}

/** As a reader's browser: the link is opened, and its cookie asks. */
async function askByShareLink(question = QUESTION as QueryInput): Promise<QueryResult> {
  const shares = `/api/v1/sites/${question.site_id}/shares`;
  const made = await api.request<{ id: string }>("POST", shares, { body: { label: "reader" } });
  const opened = await api.request("POST", `/api/v1/shares/${made.body.id}`, { token: "", body: {} });
  const cookie = opened.headers.getSetCookie().map((one) => one.split(";")[0]);
  const headers = { cookie: cookie.join("; ") };
  const { status, body } = await api.request<QueryResult>("POST", "/api/v2/query", {
    token: "",
    headers,
    body: question,
  });
  expect(status).toBe(200);
  return body;
}

it("an answer, the same by GraphQL and by a share link, and its CSV, Excel, JSON, lines of JSON and Parquet have equal rows", async () => {
  const { results } = (await api.query(ASKED, SITE)) as QueryResult;
  const expected = results.map(
    ({ dimensions, metrics }): Row => [dimensions[0]!, ...(metrics as [number, number, number])],
  );
  expect(expected).toHaveLength(PAGES.length);
  expect(expected.reduce((sum, [, , pageviews]) => sum + pageviews, 0)).toBe(78);

  const { site } = await graphql<{ site: { query: QueryResult } }>(DOCUMENT, ASKED);
  expect(site.query.results).toEqual(results);
  expect((await askByShareLink()).results).toEqual(results);

  const csv = parse(textOf(await fileOf("csv")), { comment: "#", columns: true }) as Record<string, string>[];
  expect(csv.map(rowOf)).toEqual(expected);
  expect((JSON.parse(textOf(await fileOf("json"))) as { rows: Record<string, unknown>[] }).rows.map(rowOf)).toEqual(
    expected,
  );
  const lines = textOf(await fileOf("ndjson"))
    .trimEnd()
    .split("\n");
  expect(lines.map((line) => rowOf(JSON.parse(line)))).toEqual(expected);
  const book = read((await fileOf("xlsx")).bytes);
  expect(utils.sheet_to_json<Record<string, unknown>>(book.Sheets.Data!).map(rowOf)).toEqual(expected);
  const table = tableFromIPC(readParquet((await fileOf("parquet")).bytes).intoIPCStream());
  expect(Array.from(table, (row) => rowOf(row as unknown as Record<string, unknown>))).toEqual(expected);
  expect(table.schema.metadata.get("Time zone")).toBe("Asia/Kathmandu");
});

/** Of a file's rows: text as it stands, nothing for null, numbers as numbers. */
const cellOf = (value: unknown) => (value === null || value === "" || value === undefined ? null : String(value));

async function rowsOfFiles(question: object): Promise<Record<string, Record<string, unknown>[]>> {
  const file = (format: string) => fileOf(format, question);
  const book = read((await file("xlsx")).bytes);
  const table = tableFromIPC(readParquet((await file("parquet")).bytes).intoIPCStream());
  const lines = textOf(await file("ndjson")).trimEnd();
  return {
    csv: parse(textOf(await file("csv")), { comment: "#", columns: true }),
    json: JSON.parse(textOf(await file("json"))).rows,
    ndjson: lines.split("\n").map((line) => JSON.parse(line)),
    xlsx: utils.sheet_to_json(book.Sheets.Data!, { defval: null }),
    parquet: Array.from(table, (row) => row?.toJSON() ?? {}),
  };
}

it("so it is of filters, time, money, a metric of one's own and another period", async () => {
  const site = "wide.example";
  await api.createSite({ id: site, timeZone: "Asia/Kathmandu" });
  const definition = { kind: "count", filters: [["is", "event:name", ["order"]]] };
  const body = { name: "orders", label: "Orders", definition };
  expect((await api.request("POST", `/api/v1/sites/${site}/metrics`, { body })).status).toBe(201);
  for (let visitor = 1; visitor <= 5; visitor++) {
    const view = { site, name: "pageview", url: `https://wide.example/${visitor % 2}` };
    const order = { ...view, name: "order", revenue: { amount: visitor + 0.1, currency: "EUR" } };
    const { status } = await api.send([view, ...(visitor > 2 ? [order] : [])], {
      "x-forwarded-for": `203.0.113.${visitor}`,
    });
    expect(status).toBe(202);
  }
  const whole = ["2020-01-01", "2039-12-31"] satisfies [string, string];
  const asked = {
    date_range: "7d",
    dimensions: ["time:day", "event:page"],
    metrics: ["visitors", "orders", "total_revenue"],
    filters: [["not", ["has_done", ["is", "event:page", ["/none"]]]]],
    include: { comparisons: { mode: "custom", date_range: whole } },
  } satisfies Omit<QueryInput, "site_id">;
  const question = { site_id: site, ...asked } as QueryInput; // the site's id is branded
  const { results } = (await api.query(asked, site)) as QueryResult;
  const amounts = results.map(({ metrics: [visitors, orders, money] }) => [visitors, orders, Object(money).value]);
  expect(amounts).toEqual([
    [3, 2, 8.2],
    [2, 1, 4.1],
  ]);
  expect((await askByShareLink(question)).results).toEqual(results);
  const document = `query ($q: [JSON!], $include: QueryIncludeInput) { site(id: "${site}") { query(
    date_range: "7d", dimensions: ["time:day", "event:page"], metrics: ["visitors", "orders", "total_revenue"],
    filters: $q, include: $include) { results { dimensions metrics comparison { dimensions metrics change } } } } }`;
  const told = await graphql<{ site: { query: QueryResult } }>(document, { q: asked.filters, include: asked.include });
  expect(told.site.query.results).toEqual(results);

  const figure = (value: unknown) => (typeof value === "object" && value ? Object(value).value : value);
  const expected = results.map(({ dimensions, metrics, comparison }) =>
    Object.fromEntries([
      ...asked.dimensions.map((name, i) => [name, dimensions[i]]),
      ...asked.metrics.flatMap((name, i) => [
        [name, cellOf(figure(metrics[i]))],
        [`${name} before`, cellOf(figure(comparison?.metrics[i]))],
        [`${name} change`, cellOf(comparison?.change[i])],
      ]),
    ]),
  );
  for (const [format, rows] of Object.entries(await rowsOfFiles(question))) {
    const cells = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)])),
    );
    expect([format, cells]).toEqual([format, expected]);
  }
});

it("a GraphQL client learns the schema by introspection, and its documents are valid by it", async () => {
  const schema = buildClientSchema(await graphql<IntrospectionQuery>(getIntrospectionQuery()));
  expect(validate(schema, parseGraphQL(DOCUMENT))).toEqual([]);
  const wrong = validate(schema, parseGraphQL(DOCUMENT.replace("results", "rows")));
  expect(wrong.map(({ message }) => message)).toEqual([expect.stringContaining("rows")]);
});

it("raw events are all that came, and go on from a visitor where a download broke off", async () => {
  const today = new Date().toISOString().slice(0, 10);
  const days = `from=2026-01-01&to=${Number(today.slice(0, 4)) + 1}-12-31`;
  const ask = (more: string) => api.request<string>("GET", `/api/v1/sites/${SITE}/events?${days}${more}`);
  const whole = parse((await ask("&format=csv")).body, { comment: "#", columns: true }) as Record<string, string>[];
  expect(whole).toHaveLength(78);
  expect(new Set(whole.map(({ visitorId }) => visitorId)).size).toBe(12);
  const paths = Object.entries(Object.groupBy(whole, ({ path }) => path ?? "")).map(([path, rows]) => [
    path,
    rows?.length,
  ]);
  const { results } = await api.query(ASKED, SITE);
  const counted = results.map(({ dimensions, metrics }) => [dimensions[0]!.replace(/^(?=[=+@-])/, "'"), metrics[1]]);
  expect(new Map(paths as [string, number][])).toEqual(new Map(counted as [string, number][]));
  const start = whole[40]!.visitorId!;
  const rest = (await ask(`&start=${start}`)).body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).visitorId);
  expect(rest).toEqual(whole.map(({ visitorId }) => visitorId).filter((id) => id! >= start));
  expect(await ask("&start=nobody")).toMatchObject({ status: 400, body: { errors: [{ path: "start" }] } });
});

it("a file names itself, and no such format is refused with a remedy", async () => {
  const { headers } = await fileOf("csv");
  expect(headers.get("content-disposition")).toMatch(/filename="one\.example \d{4}-\d\d-\d\d\.csv"/);
  const refused = await api.request("POST", "/api/v2/query?format=pdf", { body: QUESTION });
  expect(refused).toMatchObject({
    status: 400,
    body: { errors: [{ path: "format", message: expect.stringContaining("parquet") }] },
  });
});
