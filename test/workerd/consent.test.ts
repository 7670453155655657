// Consent at the doors: whom pages are to ask, who took it back, and what collect does with both.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { idsOf } from "../../workers/api/request-erasure.ts";
import type { ConsentQuestion } from "../../workers/domain/consent.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { UserConsent } from "../../workers/domain/withdrawal.ts";
import { JOBS } from "../../workers/jobs/index.ts";
import { driveErasures } from "../../workers/store/drive-erasures.ts";
import { loadWithdrawn, recordWithdrawal } from "../../workers/store/withdrawals.ts";
import { moveOn, siteNow } from "./moving.ts";
import { aView, call, countRaw, createSite, DAY_MS, from, ok, rows, sendTaken } from "./worker.ts";

interface Requested {
  requestedBy: string;
  state: string;
  receipt: { store: string; removed: Record<string, number> }[];
}
const heldOf = ({ receipt }: Requested) => receipt.find(({ store }) => store === "shards")?.removed.events;

const ASK = { mode: "ask", before: "nothing", regions: "default", purposes: ["analytics", "marketing"] } as const;
const BROWSER = "browser-id-0123456789";
const GRANTED = { consent: { analytics: true }, userId: "user-7", persistentId: BROWSER };

const question = (site: Pick<Site, "id">, headers: Record<string, string> = {}) =>
  call<ConsentQuestion & Problem>("GET", `/api/consent?site=${site.id}`, { token: "", headers });
const withdraw = (site: Pick<Site, "id">, persistentId: unknown = BROWSER) =>
  call<Problem>("POST", "/api/consent", {
    token: "",
    body: JSON.stringify({ site: site.id, persistentId }),
    headers: { "content-type": "text/plain", origin: "https://shop.example" },
  });
const userPath = (site: Site, user = "user-7") => `/api/v1/sites/${site.id}/users/${user}/consent`;
const withdrawals = async (site: Site) =>
  (await env.DB.prepare("select kind, pseudonym, granted_at from withdrawals where site_id = ?1").bind(site.id).all())
    .results;

describe("a page", () => {
  it("is told not to ask by default, and that visitors count without identity", async () => {
    const { status, body, headers } = await question(await createSite());
    expect([status, body]).toEqual([200, { ask: false, before: "cookieless", purposes: ["analytics"] }]);
    expect(headers.get("cache-control")).toBe("private, max-age=600");
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  it("is told to ask as the site says where the place is not known, but not a browser that sends a signal", async () => {
    const site = await createSite({ consent: { ...ASK, purposes: [...ASK.purposes] } });
    const asked = { ask: true, before: "nothing", purposes: ["analytics", "marketing"] };
    expect((await question(site)).body).toEqual(asked);
    for (const signal of [{ dnt: "1" }, { "sec-gpc": "1" }]) {
      expect((await question(site, signal)).body).toEqual({ ...asked, ask: false });
    }
    await ok("PATCH", `/api/v1/sites/${site.id}`, { honourDoNotTrack: false });
    expect((await question(site, { dnt: "1" })).body.ask).toBe(true);
    const { headers } = await question(site, { origin: "https://shop.example" });
    expect(headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(headers.get("vary")).toMatch(/sec-gpc.*origin|origin.*sec-gpc/);
  });

  it("of no site is told so, where it can read it", async () => {
    const { status, headers } = await question({ id: "no-such-site" as Site["id"] }); // a well-formed id
    expect([status, headers.get("access-control-allow-origin")]).toEqual([404, "*"]);
    expect((await withdraw({ id: "no-such-site" as Site["id"] })).status).toBe(404); // likewise
  });

  it("changes the whole setting, and only to what it can be", async () => {
    const site = await createSite();
    for (const consent of [
      { mode: "ask" },
      { ...ASK, mode: "off" },
      { ...ASK, regions: ["Germany"] },
      { ...ASK, x: 1 },
    ]) {
      expect((await call("PATCH", `/api/v1/sites/${site.id}`, { body: { consent } })).status).toBe(400);
    }
    const changed = await ok<Site>("PATCH", `/api/v1/sites/${site.id}`, { consent: { ...ASK, regions: ["BR"] } });
    expect(changed.consent).toEqual({ ...ASK, regions: ["BR"] });
    expect((await ok<Site>("GET", `/api/v1/sites/${site.id}`)).consent).toEqual({ ...ASK, regions: ["BR"] });
  });
});

describe("a site that counts nobody before an answer", () => {
  it("refuses events without one, and says why in its counts", async () => {
    const site = await createSite({ consent: { ...ASK, purposes: ["analytics"] } });
    const list = [aView(site), aView(site, { consent: {} }), aView(site, { consent: { analytics: false } })];
    expect(await sendTaken([...list, aView(site, GRANTED)])).toMatchObject({
      accepted: 1,
      reasons: { no_answer: 2, no_consent: 1 },
    });
    await ok("POST", `/api/v1/sites/${site.id}/flush`);
    const { drops } = await ok<{ drops: object }>("GET", `/api/v1/sites/${site.id}/status`);
    expect(drops).toEqual({ no_answer: 2, no_consent: 1 });
  });
});

describe("a browser that takes its consent back", () => {
  it("is refused with its id from then on, and counted without", async () => {
    const site = await createSite();
    expect((await sendTaken(aView(site, GRANTED))).accepted).toBe(1);
    const { status, headers } = await withdraw(site);
    expect([status, headers.get("access-control-allow-origin")]).toEqual([204, "https://shop.example"]);
    expect((await sendTaken([aView(site, GRANTED)])).reasons).toEqual({ withdrawn: 1 });
    const { consent, userId } = GRANTED;
    expect((await sendTaken(aView(site, { consent, userId }))).accepted).toBe(1);
    expect((await sendTaken(aView(site))).accepted).toBe(1);
    expect(await rows(site, { metrics: ["pageviews"] })).toEqual([[3]]);
    const line = {
      line: 0,
      at: Date.now() - DAY_MS,
      visitor: "v",
      name: "pageview",
      url: "https://a.example/",
      ...GRANTED,
    };
    const path = `/api/v1/sites/${site.id}/import`;
    expect(await ok("POST", path, { import: { id: "import-1", label: "log" }, events: [line] })).toMatchObject({
      reasons: { withdrawn: 1 },
    });
  });

  it("is known by its pseudonym on that site alone, however often it says so", async () => {
    const [site, other] = [await createSite(), await createSite()];
    await Promise.all([withdraw(site), withdraw(site), withdraw(site)]);
    const kept = await withdrawals(site);
    expect(kept).toEqual([{ kind: "browser", pseudonym: expect.stringMatching(/^[0-9a-f]{16}$/), granted_at: null }]);
    expect((await sendTaken(aView(other, GRANTED))).accepted).toBe(1);
  });

  it.each([undefined, "", "short", 7, "x".repeat(201)])("must say which: %j does not", async (persistentId) => {
    const site = await createSite();
    expect((await withdraw(site, persistentId ?? null)).status).toBe(400);
    expect(await withdrawals(site)).toEqual([]);
  });
});

describe("a user", () => {
  it("takes consent back and gives it anew by the site's own server", async () => {
    const site = await createSite();
    const { consent, userId } = GRANTED;
    const event = aView(site, { consent, userId });
    expect((await ok<UserConsent>("GET", userPath(site))).analytics).toBe("unknown");
    await sendTaken(event);
    const denied = await ok<UserConsent>("PUT", userPath(site), { analytics: false });
    expect(denied).toMatchObject({ analytics: "denied", grantedAt: null });
    expect((await sendTaken([event])).reasons).toEqual({ withdrawn: 1 });
    expect((await sendTaken(aView(site, { consent, userId: "user-8" }))).accepted).toBe(1);
    const granted = await ok<UserConsent>("PUT", userPath(site), { analytics: true });
    expect(granted).toMatchObject({ analytics: "granted", withdrawnAt: denied.withdrawnAt });
    expect((await sendTaken(event)).accepted).toBe(1);
    expect(await ok<UserConsent>("GET", userPath(site))).toEqual(granted);
    expect((await ok<UserConsent>("PUT", userPath(site, "user-9"), { analytics: true })).analytics).toBe("unknown");
  });

  it("may have any id that fits into an event", async () => {
    const site = await createSite();
    const odd = "ann+1@example.com/ä %";
    await ok("PUT", userPath(site, encodeURIComponent(odd)), { analytics: false });
    const event = aView(site, { consent: { analytics: true }, userId: odd });
    expect((await sendTaken([event])).reasons).toEqual({ withdrawn: 1 });
    expect((await call("PUT", userPath(site, "x".repeat(201)), { body: { analytics: false } })).status).toBe(400);
  });
});

describe("what was collected under a consent that was taken back", () => {
  const erasures = async (site: Site) =>
    (await ok<{ erasures: Requested[] }>("GET", `/api/v1/sites/${site.id}/erasures`)).erasures;
  async function carryOut(site: Site): Promise<void> {
    let going = true;
    const driving = driveErasures(env, site.id, Date.now() + 20_000).finally(() => {
      going = false;
    });
    while (going) {
      await moveOn(site).catch(() => undefined);
      await scheduler.wait(10);
    }
    await driving;
  }
  const eventsOf = (site: Site, user: string) => ok<unknown[]>("GET", `/api/v1/sites/${site.id}/users/${user}`);

  it("is erased with the next run: a browser's, and a user's with the browser that was theirs alone", async () => {
    const site = await createSite();
    const other = { consent: GRANTED.consent, userId: "user-8", persistentId: "browser-id-of-another" };
    await sendTaken([aView(site, GRANTED), aView(site, { ...GRANTED, userId: undefined })], from("1"));
    await sendTaken([aView(site, other), aView(site, { ...other, persistentId: "browser-id-of-a-third" })], from("2"));
    await withdraw(site);
    expect((await ok<UserConsent>("PUT", userPath(site, "user-8"), { analytics: false })).erasure).toBeGreaterThan(0);
    const requests = await erasures(site);
    expect(requests).toMatchObject(requests.map(() => ({ reason: "withdrawal", state: "requested" })));
    expect(requests.map(({ requestedBy }) => requestedBy === "the browser").sort()).toEqual([false, true]);
    await sendTaken(aView(site), from("3"));
    await carryOut(site);
    expect((await erasures(site)).map(({ state }) => state)).toEqual(["done", "done"]);
    expect((await erasures(site)).map(heldOf)).toEqual([2, 2]);
    expect(await eventsOf(site, "user-8")).toEqual("");
    expect(await rows(site, { metrics: ["events"] })).toEqual([[1]]);
    expect(await countRaw(site)).toBe(1);
  });

  it("is asked for by the next run where a crash came before that", async () => {
    const site = await createSite();
    await sendTaken([aView(site, GRANTED), aView(site, { ...GRANTED, userId: undefined })], from("1"));
    const { userId } = await idsOf(env, site, { userId: GRANTED.userId });
    const at = Date.now();
    // As it lies there when the machine went away behind the first write.
    await recordWithdrawal(env.DB, { siteId: site.id, pseudonym: userId, kind: "user" }, at);
    await JOBS.handOverWithdrawals.run(env, at + 60_000);
    expect(await erasures(site)).toEqual([]);
    for (const minutes of [10, 70]) await JOBS.handOverWithdrawals.run(env, at + minutes * 60_000);
    expect(await erasures(site)).toMatchObject([{ reason: "withdrawal", state: "requested" }]);
    expect((await ok<UserConsent>("GET", userPath(site))).erasure).toBe(at + 10 * 60_000);
    await carryOut(site);
    expect((await erasures(site)).map(heldOf)).toEqual([2]);
  });

  it("rewrites nothing for a browser of which nothing was collected", async () => {
    const site = await createSite();
    await sendTaken(aView(site, GRANTED));
    await withdraw(site, "browser-id-that-nobody-has");
    await carryOut(site);
    expect(await erasures(site)).toMatchObject([{ state: "done", receipt: expect.any(Array) }]);
    expect((await siteNow(site)).epoch).toBe(1);
    expect(await rows(site, { metrics: ["events"] })).toEqual([[1]]);
  });

  it("waits while the site is under a legal hold, and says so", async () => {
    const site = await createSite();
    await sendTaken(aView(site, GRANTED));
    await ok("PUT", `/api/v1/sites/${site.id}/legal-hold`, { reason: "a court asked" });
    await withdraw(site);
    await carryOut(site);
    expect(await erasures(site)).toMatchObject([{ state: "requested", waits: expect.stringContaining("legal hold") }]);
    expect(await rows(site, { metrics: ["events"] })).toEqual([[1]]);
    await ok("DELETE", `/api/v1/sites/${site.id}/legal-hold`);
    await carryOut(site);
    expect(await erasures(site)).toMatchObject([{ state: "done", waits: null }]);
    expect(await countRaw(site)).toBe(0);
  });
});

describe("what is remembered of withdrawals", () => {
  it("reaches a place that read them before, and one that reads them whole", async () => {
    const site = await createSite();
    const now = Date.now();
    expect((await loadWithdrawn(env.DB, site.id, now)).size).toBe(0);
    const write = (pseudonym: string, granted: number | null) =>
      env.DB.prepare(
        `insert into withdrawals (site_id, pseudonym, kind, withdrawn_at, granted_at, changed_at) values (?1, ?2, 'user', ?3, ?4, ?3)
         on conflict do update set granted_at = excluded.granted_at, changed_at = excluded.changed_at`,
      )
        .bind(site.id, pseudonym, now, granted)
        .run();
    // As another place would, of which this one hears nothing.
    await write("a", null);
    await write("b", null);
    expect([...(await loadWithdrawn(env.DB, site.id, now))].sort()).toEqual(["a", "b"]);
    await write("a", now);
    expect([...(await loadWithdrawn(env.DB, site.id, now))]).toEqual(["b"]);
  });

  it("goes once it is carried out and can stop nothing any more", async () => {
    const site = await createSite();
    await withdraw(site);
    await ok("PUT", userPath(site), { analytics: false });
    const later = Date.now() + 31 * DAY_MS;
    await JOBS.pruneWithdrawals.run(env, Date.now());
    expect(await withdrawals(site)).toHaveLength(2);
    await JOBS.pruneWithdrawals.run(env, later);
    expect(await withdrawals(site)).toMatchObject([{ kind: "user" }]);
    await ok("PUT", userPath(site), { analytics: true });
    await JOBS.pruneWithdrawals.run(env, later);
    expect(await withdrawals(site)).toEqual([]);
  });
});
