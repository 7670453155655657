// What alerts keep of a person: a value that a rule was split by, messages about it, notes, and a rule's own words.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AlertRule, Incident } from "../../workers/domain/alert.ts";
import type { Site, SiteId } from "../../workers/domain/site.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { alerts } from "../../workers/store/personal/alerts.ts";
import { identityKey } from "../../workers/store/secrets.ts";
import { nameHashes } from "../../workers/store/subjects/names.ts";
import { aView, call, createSite, ok, sendTaken, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NAME = "jane-roe-77";
const SMS = { accountSid: "AC0123456789", authToken: "a-secret-token", from: "Edge", to: "+12025550143" };
const SECRET = `whsec_${btoa("0123456789abcdef01234567")}`;

let site: Site;
let now: number;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => new Response(`thanks for ${String(init?.body)}`));
  now = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 600 * MINUTE_MS + 30 * MINUTE_MS;
  setClock(now);
  site = await createSite();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function minute(): Promise<void> {
  now += MINUTE_MS;
  setClock(now);
  await runDueJobs("* * * * *", env, now);
}

const views = (url: string) => sendTaken(Array.from({ length: 5 }, () => aView(site, { url })));

/** A rule that fires for two pages, one of them the person's, after an hour; with what was told and noted. */
async function fired(): Promise<{ rule: AlertRule; incidents: Incident[] }> {
  const config = { url: "https://hooks.example.com/a", secret: SECRET };
  const channel = await ok<{ id: string }>("POST", at("/alert-channels"), { kind: "webhook", label: "Desk", config });
  const phone = await ok<{ id: string }>("POST", at("/alert-channels"), { kind: "sms", label: "Phone", config: SMS });
  const rule = await ok<AlertRule>("POST", at("/alert-rules"), {
    name: `Pages of ${NAME}`,
    conditions: [{ kind: "threshold", metric: "pageviews", minutes: 60, value: 3 }],
    filters: [["is_not", "event:page", [`/people/${NAME}/old`, "/admin"]]],
    split: { dimension: "event:page", top: 4 },
    channels: [channel.id, phone.id],
  });
  await minute();
  await views(`https://example.com/people/${NAME}`);
  await views(`https://example.com/people/${NAME}/orders`);
  await views("https://example.com/pricing");
  now += 34 * MINUTE_MS;
  await minute();
  await minute();
  const { incidents } = await ok<{ incidents: Incident[] }>("GET", at("/incidents"));
  await ok("POST", at(`/incidents/${incidents[0]!.id}/notes`), { text: `${NAME} was asked` });
  return { rule, incidents };
}

/** What each link in the site's text messages leads to. */
async function shortCharts(): Promise<(string | null)[]> {
  const { keys } = await env.SECRETS.list<{ siteId: string }>({ prefix: "chart:" });
  const own = keys.filter(({ metadata }) => metadata?.siteId === site.id);
  const paths = own.map(({ name }) => `/api/v1/alert-charts/${name.slice("chart:".length)}`);
  return Promise.all(paths.map(async (path) => (await call<string>("GET", path, { token: "" })).body));
}

const subjectOf = async (name: string) => ({
  ...{ id: "1", userId: "", persistentIds: [], visitorIds: [] },
  names: nameHashes([name], { identityKey: await identityKey(env), siteId: site.id }),
});

/** Every row of the tables of alerts, with JSON read. */
async function stored(): Promise<unknown[]> {
  const tables = ["alert_rules", "incidents", "incident_entries", "notices"];
  const asked = tables.map((table) => env.DB.prepare(`select * from ${table} where site_id = ?1`).bind(site.id));
  const rows = (await env.DB.batch<Record<string, unknown>>(asked)).flatMap(({ results }) => results);
  return rows.map((row) => {
    const read = Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "string" && /^[{[]/.test(value) ? JSON.parse(value) : value,
    ]);
    return Object.fromEntries(read);
  });
}

/** With a mark where texts and keys name the person, or did. */
function marked(value: unknown): unknown {
  if (typeof value === "string") return value.includes(NAME) || value.includes("(erased)") ? "?" : value;
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).map(([key, own]) => [marked(key), marked(own)]);
}

it("a person's name goes out of rules, incidents, notes and messages, and nothing else does", async () => {
  const { rule, incidents } = await fired();
  expect(incidents.map(({ name }) => name).sort()).toEqual([
    `Pages of ${NAME}: /people/${NAME}`,
    `Pages of ${NAME}: /people/${NAME}/orders`,
    `Pages of ${NAME}: /pricing`,
  ]);
  const before = await stored();
  expect(JSON.stringify(before).split(NAME).length).toBeGreaterThan(20);
  expect(await alerts.erase(env, site, await subjectOf("somebody.else"))).toMatchObject({ removed: { texts: 0 } });
  expect(await stored()).toEqual(before);

  const receipt = await alerts.erase(env, site, await subjectOf(NAME));
  expect(receipt).toMatchObject({ store: "alerts", removed: { texts: expect.any(Number) } });
  const after = await stored();
  expect(JSON.stringify(after)).not.toContain(NAME);
  // Channels, states, times and counts stand as they did.
  expect(marked(after)).toEqual(marked(before));
  const kept = await ok<AlertRule>("GET", at(`/alert-rules/${rule.id}`));
  expect(kept).toMatchObject({
    name: "(erased)",
    filters: [["is_not", "event:page", ["(erased)", "/admin"]]],
    split: { dimension: "event:page", top: 4 },
    conditions: rule.conditions,
    channels: rule.channels,
  });
  expect(await alerts.erase(env, site, await subjectOf(NAME))).toMatchObject({ removed: { texts: 0 } });
});

it("links in text messages to charts that name the person lead nowhere", async () => {
  await fired();
  const before = await shortCharts();
  expect(before).toHaveLength(3);
  expect(before.filter((chart) => chart?.includes(NAME))).toHaveLength(2);
  expect(await alerts.erase(env, { ...site, id: `${site.id}x` as SiteId }, await subjectOf(NAME))).toMatchObject({
    removed: { charts: 0 },
  });
  expect(await alerts.erase(env, site, await subjectOf(NAME))).toMatchObject({ removed: { charts: 2 } });
  expect(await shortCharts()).toEqual(before.filter((chart) => !chart?.includes(NAME)));
});

it("the incidents go on, and a run that had read the rule before does not write the name back", async () => {
  const { incidents } = await fired();
  const open = incidents.length;
  // Its questions are answered when the name is gone already.
  const running = minute();
  await alerts.erase(env, site, await subjectOf(NAME));
  await running;
  expect(JSON.stringify(await stored())).not.toContain(NAME);
  // All of them are over when nothing comes any more.
  now += 3 * HOUR_MS;
  for (let turn = 0; turn < 12; turn++) await minute();
  const { incidents: left } = await ok<{ incidents: Incident[] }>("GET", at("/incidents"));
  expect(left.map(({ state }) => state)).toEqual(Array.from({ length: open }, () => "resolved"));
});
