// A deployment with something of everything in it, and all that can be asked of it, for whoever compares two of them.
import { BROWSER, connectTestApi, type SentEvent, type TestApi } from "./api.ts";
import type { TestServer } from "./server.ts";

const DAY_MS = 86_400_000;
const DAYS = 14;
const PAGES = ["/", "/pricing", "/signup", "/docs/a", "/docs/b", "/blog/größe"];
const COUNTRIES = ["DE", "FR", "US", "NP"];
const LINES_A_REQUEST = 2_000;

export const OWNER = { name: "Olga", email: "olga@shop.example", password: "a very private password 7c1" };

export interface Deployment {
  server: TestServer;
  api: TestApi;
  site: string;
  key: string;
  share: string;
}

/** History in which a third of the visitors are users, who come again on other days. */
export function historyLine(line: number, now: number): SentEvent {
  const visitor = line % 997;
  const user = visitor % 3 === 0 ? `user-${visitor}` : undefined;
  const page = PAGES[(line * 7) % PAGES.length]!;
  const at = now - DAYS * DAY_MS + Math.floor((line * 7919 * 1000) % ((DAYS - 1) * DAY_MS));
  return {
    line,
    at,
    visitor: `v${visitor}`,
    name: line % 11 === 0 ? "order" : "pageview",
    url: `https://shop.example${page}`,
    country: COUNTRIES[visitor % COUNTRIES.length],
    browser: visitor % 2 ? "Firefox" : "Chrome",
    ...(line % 11 === 0 && {
      revenue: { amount: (line % 50) + 0.1, currency: "EUR" },
      props: { plan: `p${line % 4}` },
    }),
    ...(user && { userId: user, consent: { analytics: true } }),
  };
}

async function importHistory(api: TestApi, site: string, events: number): Promise<void> {
  const now = Date.now();
  const options = { id: "history", label: "history", visitors: "given", bots: "keep" } as const;
  for (let from = 0; from < events; from += LINES_A_REQUEST) {
    const lines = Array.from({ length: Math.min(LINES_A_REQUEST, events - from) }, (_, i) =>
      historyLine(from + i, now),
    );
    const { accepted } = await api.importLines(site, options, lines);
    if (accepted !== lines.length) throw new Error(`${accepted} of ${lines.length} lines were taken`);
  }
  await api.finishImport(site, "history");
}

async function make<Body>(api: TestApi, path: string, body: object): Promise<Body> {
  const answer = await api.request<Body>("POST", path, { body });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A session's headers, of who signs in by password. */
export async function signIn(api: TestApi, { email, password } = OWNER): Promise<Record<string, string> | number> {
  const answer = await api.request("POST", "/api/v1/session", { body: { email, password }, token: "" });
  if (answer.status >= 300) return answer.status;
  return {
    cookie: answer.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; "),
  };
}

export async function fillDeployment(
  server: TestServer,
  { site, shards, events }: { site: string; shards: number; events: number },
): Promise<Deployment> {
  const api = connectTestApi(server);
  await make(api, "/api/v1/claim", { token: server.adminToken, ...OWNER });
  await make(api, "/api/v1/sites", { id: site, timeZone: "Asia/Kathmandu", shards, currency: "EUR" });
  const at = `/api/v1/sites/${site}`;
  const { key } = await make<{ key: string }>(api, `${at}/keys`, { label: "reads", scopes: ["query"] });
  await make(api, `${at}/goals`, { name: "Order", kind: "event", match: "order" });
  await make(api, `${at}/metrics`, { name: "orders", label: "Orders", definition: ORDERS });
  await make(api, `${at}/segments`, { name: "Germans", filters: [["is", "visit:country", ["DE"]]] });
  await make(api, `${at}/kpis`, { name: "Orders", formula: "orders", targets: [{ since: "2026-01-01", target: 9 }] });
  await make(api, `${at}/funnels`, { name: "Way", steps: [{ page: "/pricing" }, { event: "order" }] });
  await make(api, `${at}/annotations`, { at: "2026-11-21T12:00:00Z", text: 'Began "so"' });
  await make(api, `${at}/boards`, { name: "Board", about: "Ours" });
  const { id: share } = await make<{ id: string }>(api, `${at}/shares`, { label: "all" });
  await importHistory(api, site, events);
  for (let visitor = 1; visitor <= 30; visitor++) {
    const views = PAGES.slice(0, 1 + (visitor % PAGES.length)).map((page, view) => ({
      id: `live-${visitor}-${view}`,
      name: "pageview",
      url: `https://shop.example${page}`,
    }));
    await api.send({ site, events: views }, { "x-forwarded-for": `203.0.113.${visitor}`, "user-agent": BROWSER });
  }
  return { server, api, site, key, share };
}

const ORDERS = { kind: "count", filters: [["is", "event:name", ["order"]]] };
const METRICS = [
  "visitors",
  "visits",
  "pageviews",
  "events",
  "bounce_rate",
  "visit_duration",
  "total_revenue",
  "orders",
];
const STEPS = { steps: [{ event: "pageview" }, { page: "/pricing" }, { event: "order" }] };

/** Of so many days up to tomorrow, by name. */
export function questionsOf(now: number): Record<string, object> {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const date_range = [day(now - DAYS * DAY_MS), day(now + DAY_MS)];
  const short = [day(now - 9 * DAY_MS), day(now - 6 * DAY_MS)];
  return {
    totals: { metrics: METRICS, date_range },
    days: { metrics: METRICS, date_range, dimensions: ["time:day"] },
    hours: { metrics: ["visitors", "pageviews"], date_range: short, dimensions: ["time:hour"] },
    months: { metrics: ["visitors", "pageviews"], date_range, dimensions: ["time:month"] },
    pages: { metrics: ["visitors", "pageviews", "bounce_rate"], date_range, dimensions: ["event:page"] },
    entries: { metrics: ["visitors", "visits", "visit_duration"], date_range, dimensions: ["visit:entry_page"] },
    countries: { metrics: ["visitors", "total_revenue"], date_range, dimensions: ["visit:country", "visit:browser"] },
    plans: { metrics: ["visitors", "events"], date_range, dimensions: ["event:props:plan"] },
    goals: { metrics: ["visitors", "events", "conversion_rate"], date_range, dimensions: ["event:goal"] },
    segment: { metrics: METRICS, date_range, filters: [["is", "segment", [1]]] },
    funnel: { analysis: "funnel", params: STEPS, date_range },
    userFunnel: { analysis: "funnel", params: { ...STEPS, by: "user" }, date_range },
    retention: { analysis: "retention", params: { by: "user" }, date_range },
    paths: { analysis: "paths", params: {}, date_range },
    properties: { analysis: "properties", params: {}, date_range },
  };
}

const LISTS = ["goals", "metrics", "segments", "kpis", "funnels", "annotations", "boards", "keys", "shares", "import"];

/** All answers and lists, without what tells when and how they were made. */
export async function everythingAsked(api: TestApi, site: string, now: number): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  for (const [name, question] of Object.entries(questionsOf(now))) {
    const { status, body } = await api.request<Record<string, unknown>>("POST", "/api/v2/query", {
      body: { site_id: site, ...question },
    });
    const { meta: _, query: __, ...answer } = body;
    told[name] = [status, answer];
  }
  for (const list of LISTS) {
    const { body } = await api.request<Record<string, unknown>>("GET", `/api/v1/sites/${site}/${list}`);
    told[`list of ${list}`] = body;
  }
  // Links name the server's own address.
  return JSON.parse(JSON.stringify(told).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "")) as typeof told;
}
