// The job may be run twice at once, and ended at any point: what it found is there once, and the next run goes on.
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import type { Env } from "../../workers/env.ts";
import { checkQuality } from "../../workers/jobs/check-quality.ts";
import { aDay, check, dayStart, findingsOf, liveDay, openOf, rememberHours, usualCount } from "./watched-site.ts";
import { createSite, HOUR_MS, setClock } from "./worker.ts";

let site: Site;

/** A day on which events are silent for two hours, a property changed, and much came twice. */
beforeAll(async () => {
  setClock(dayStart(-1));
  site = await createSite();
  await rememberHours(site, { from: dayStart(-37), to: dayStart(-1) }, usualCount);
  await liveDay(site, -1);
  await check();
  const silent = aDay(0, (at) =>
    at === dayStart(0) + 6 * HOUR_MS || at === dayStart(0) + 7 * HOUR_MS ? 0 : usualCount(at),
  );
  const turned = silent.map((event) => ({ ...event, props: { ...event.props, price: String(event.props?.price) } }));
  await liveDay(site, 0, [...turned, ...turned.slice(0, 30).map((event) => ({ ...event, at: event.at + 200 }))]);
}, 120_000);

afterEach(() => {
  vi.useRealTimers();
});

const EXPECTED = ["duplicates events", "incomplete events", "type_drift order · price"];

/** A database that is gone after so many statements, as the process would be. */
function cutAfter(statements: number): { env: Env; wasCut: () => boolean } {
  let left = statements;
  let cut = false;
  const spend = () => {
    if (left-- > 0) return;
    cut = true;
    throw new Error("killed");
  };
  const db = new Proxy(env.DB, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        if (name === "prepare" || name === "batch") spend();
        return Reflect.apply(value, target, given);
      };
    },
  });
  return { env: { ...env, DB: db }, wasCut: () => cut };
}

const kept = async () => {
  const days = await env.DB.prepare("select * from quality_days where site_id = ?1 order by day, event")
    .bind(site.id)
    .all();
  const findings = (await findingsOf(site)).map(({ firstSeen: _, lastSeen: __, resolvedAt, ...rest }) => ({
    ...rest,
    over: resolvedAt !== null,
  }));
  return { days: days.results, findings };
};

it("a run that is ended at any statement is gone on with by the next, and nothing is there twice", {
  timeout: 240_000,
}, async () => {
  const now = dayStart(1) + HOUR_MS + 7 * 60_000;
  let runs = 0;
  for (let statements = 1; ; statements++) {
    setClock(now + runs * 1000);
    const { env: dying, wasCut } = cutAfter(statements);
    await checkQuality.run(dying, Date.now()).catch(() => undefined);
    if (!wasCut()) break;
    runs++;
    // Whoever held the lease is dead, and it has run out.
    await env.DB.prepare("update quality_looks set leased_until = 0 where site_id = ?1").bind(site.id).run();
  }
  expect(runs).toBeGreaterThan(10);
  expect((await openOf(site)).sort()).toEqual(EXPECTED);
  const first = await kept();
  expect(new Set(first.findings.map(({ fault, subject }) => `${fault} ${subject}`)).size).toBe(first.findings.length);
  // The same day, judged again from its beginning.
  await env.DB.prepare("update quality_looks set checked_at = 0, day = ?2 where site_id = ?1")
    .bind(site.id, new Date(dayStart(-1)).toISOString().slice(0, 10))
    .run();
  await check();
  expect(await kept()).toEqual(first);
});

it("two runs at once look at a site once", async () => {
  setClock(dayStart(1) + 1.5 * HOUR_MS);
  await env.DB.prepare("update quality_looks set checked_at = 0").run();
  await Promise.all([check(), check(), check()]);
  expect((await openOf(site)).sort()).toEqual(EXPECTED);
});
