// A spring and an autumn of schedules in five time zones, over every switch of their clocks, while the process dies at any step:
// each report reaches the mail service by one key, and none is missed.
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ReportWhen } from "../../workers/domain/report-schedule.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type Random, seededRandom } from "../../workers/local/simulator/random.ts";
import { nextDue } from "../../workers/reports/due-moments.ts";
import { MINUTE_MS, mailOf, receiving, ring } from "./report-worker.ts";
import { createSite, DAY_MS, ok, setClock } from "./worker.ts";

afterEach(async () => {
  // The season that follows has schedules of its own.
  await env.DB.prepare("delete from report_schedules").run();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham"];
const WHENS: Exclude<ReportWhen, { every: "alert" }>[] = [
  { every: "day", at: "02:30" },
  { every: "week", weekday: 7, at: "01:45" },
];
const SEASONS = [
  ["spring", Date.UTC(2027, 2, 9), 30],
  ["autumn", Date.UTC(2027, 8, 22), 48],
] as const;
/** Of statements and requests, each before and after. */
const DEATHS = 0.02;

/** A process that dies: from then on nothing it does has an effect, until the next one begins. */
function mortal(random: Random) {
  let isDead = false;
  const step = () => {
    if (!isDead && random.chance(DEATHS)) isDead = true;
    if (isDead) throw new Error("the process died");
  };
  const around = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    step();
    const value = await act();
    step();
    return value;
  };
  const real = new WeakMap<object, D1PreparedStatement>();
  const mortalStatement = (statement: D1PreparedStatement): D1PreparedStatement => {
    const own = new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => mortalStatement(target.bind(...values));
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return (...args: unknown[]) => around(() => method.apply(target, args));
      },
    });
    real.set(own, statement);
    return own;
  };
  const db = new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => mortalStatement(target.prepare(sql));
      if (name === "batch") {
        return (all: D1PreparedStatement[]) => around(() => target.batch(all.map((one) => real.get(one) ?? one)));
      }
      return Reflect.get(target, name);
    },
  });
  const begin = () => {
    isDead = false;
  };
  return { db, step, begin, isDead: () => isDead };
}

/** When somebody has something to do; the next minute while something waits. */
async function nextWork(site: Site, now: number): Promise<number> {
  const row = await env.DB.prepare(
    `select min(at) as at from (select max(next_at, leased_until) as at from report_schedules where site_id = ?1 union all
     select next_at as at from report_deliveries where site_id = ?1 and state = 'due')`,
  )
    .bind(site.id)
    .first<{ at: number }>();
  return Math.max(now + MINUTE_MS, Math.ceil((row?.at ?? 0) / MINUTE_MS) * MINUTE_MS);
}

describe("schedules", () => {
  it.each(SEASONS)(
    "deliver each report once over a %s, whatever dies",
    { timeout: 120_000 },
    async (name, from, days) => {
      setClock(from);
      const site = await createSite({ timeZone: "Europe/Berlin" });
      const sections = [{ id: "t", kind: "text", text: "Hello" }];
      const report = await ok<{ id: string }>("POST", `/api/v1/sites/${site.id}/reports`, { name: "R", sections });
      const until = from + days * DAY_MS;
      const expected: string[] = [];
      for (const [place, timeZone] of ZONES.entries()) {
        for (const when of WHENS) {
          const recipients = [{ to: "person", email: `${when.every}-${place}@example.com` }];
          const body = { name: `${when.every} ${timeZone}`, reportId: report.id, when, timeZone, recipients };
          await ok("POST", `/api/v1/sites/${site.id}/report-schedules`, body);
          for (let at = nextDue(when, timeZone, from); at !== null && at < until; at = nextDue(when, timeZone, at)) {
            expected.push(`${when.every}-${place}@example.com ${new Date(at).toISOString()}`);
          }
        }
      }
      const random = seededRandom(`reports ${name}`);
      const life = mortal(random);
      const got = new Map<string, string>();
      let repeats = 0;
      receiving((asked) => {
        life.step();
        const { key, to } = mailOf(asked);
        if (got.has(key)) repeats++;
        got.set(key, to);
        life.step();
        return random.chance(0.03) ? new Response("busy", { status: 503 }) : new Response("ok");
      });
      vi.spyOn(console, "error").mockImplementation(() => {});
      let deaths = 0;
      for (let now = from; now < until; now = await nextWork(site, now)) {
        life.begin();
        await ring(now, { DB: life.db }).catch(() => {});
        if (life.isDead()) deaths++;
      }
      const { results } = await env.DB.prepare(
        "select id, due_at as dueAt, state, recipient ->> 'email' as email, turn from report_deliveries where site_id = ?1",
      )
        .bind(site.id)
        .all<{ id: string; dueAt: number; state: string; email: string; turn: number }>();
      const told = results.map(({ email, dueAt }) => `${email} ${new Date(dueAt).toISOString()}`);
      expect(told.sort()).toEqual(expected.sort());
      expect(results.filter(({ state }) => state !== "sent")).toEqual([]);
      // By its key, the service has each exactly once, for whom it was meant.
      const keys = results.map(({ id, turn, email }) => [`report.${id}.${turn}`, email] as const);
      expect([...got].sort()).toEqual(keys.toSorted());
      // The faults were there, and some came between the service's answer and our record.
      expect(deaths).toBeGreaterThan(30);
      expect(repeats).toBeGreaterThan(0);
    },
  );
});
