// Schedules of reports over HTTP, and what the job makes of them: mails that can be stopped, channels, files, what is sent late, by a
// rule, once more.
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Problem } from "../../workers/domain/errors.ts";
import type { ReportDelivery, ReportSchedule } from "../../workers/domain/report-schedule.ts";
import type { Site } from "../../workers/domain/site.ts";
import { pruneReports } from "../../workers/jobs/prune-reports.ts";
import { personalStores } from "../../workers/store/personal/index.ts";
import { claimOwner, join } from "./people.ts";
import { MINUTE_MS, mailOf, receiving, ring } from "./report-worker.ts";
import { aView, call, createSite, DAY_MS, fetchRaw, from, HOUR_MS, ok, send, sendTaken, setClock } from "./worker.ts";

/** A Friday, 06:00 in Berlin. */
const NOW = Date.UTC(2027, 0, 15, 5);
const AT = NOW + 2 * HOUR_MS;
const DAILY = { every: "day", at: "08:00" };
const person = (email: string) => ({ to: "person", email });

let site: Site;
let reportId: string;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  // Of the tests before, which go on to fall due.
  for (const table of ["report_schedules", "report_deliveries"]) await env.DB.prepare(`delete from ${table}`).run();
  setClock(NOW - DAY_MS);
  site = await createSite({ timeZone: "Europe/Berlin" });
  await sendTaken([aView(site), aView(site, { url: "https://example.com/b" })], from(1));
  setClock(NOW);
  await sendTaken(aView(site), from(2));
  const sections = [
    { id: "fig", kind: "figures", metrics: ["visitors", "pageviews"] },
    { id: "tab", kind: "question", chart: "table", question: { metrics: ["visitors"], dimensions: ["event:page"] } },
  ];
  reportId = (await ok<{ id: string }>("POST", at("/reports"), { name: "Weekly & all", sections })).id;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const aBody = (fields: object = {}) => ({
  ...{ name: "Every morning", reportId, when: DAILY, timeZone: "Europe/Berlin", period: "day" },
  ...{ recipients: [person("a@example.com")], ...fields },
});
const aSchedule = (fields: object = {}) => ok<ReportSchedule>("POST", at("/report-schedules"), aBody(fields));
const deliveries = async () => (await ok<{ deliveries: ReportDelivery[] }>("GET", at("/report-deliveries"))).deliveries;
const pathOf = (link: string) => new URL(link).pathname;
/** As a mail program or a browser asks, before it goes where it leads. */
const follow = (link: string, method = "GET") => exports.default.fetch(link, { method, redirect: "manual" });
const linksIn = (html: string) => [...html.matchAll(/href="([^"]+)"/g)].map(([, link]) => link!);

describe("a schedule", () => {
  it("is made, changed by its version, paused and removed, and knows when it is due", async () => {
    const made = await aSchedule();
    expect(made).toMatchObject({ nextAt: AT, formats: ["html"], version: 1 });
    const path = at(`/report-schedules/${made.id}`);
    const put = (body: object, version: string) =>
      call<ReportSchedule>("PUT", path, { body, headers: { "if-match": version } });
    expect((await put(aBody({ when: { ...DAILY, at: "09:00" } }), '"1"')).body.nextAt).toBe(AT + HOUR_MS);
    expect((await put(aBody(), '"1"')).status).toBe(412);
    expect((await put(aBody({ paused: true }), '"2"')).body.nextAt).toBeNull();
    expect((await ok<{ schedules: ReportSchedule[] }>("GET", at("/report-schedules"))).schedules).toHaveLength(1);
    await ok("DELETE", path);
    expect((await call("GET", path)).status).toBe(404);
  });

  it("is refused by the field, with the remedy", async () => {
    const refused = async (fields: object) => {
      const { status, body } = await call<Problem>("POST", at("/report-schedules"), { body: aBody(fields) });
      expect(status).toBe(400);
      return body.errors?.[0]?.path;
    };
    expect(await refused({ when: { every: "cron", cron: "*/5 * * * *" } })).toBe("when.cron");
    expect(await refused({ when: { every: "alert", ruleIds: ["none"] } })).toBe("when.ruleIds.0");
    expect(await refused({ reportId: "none" })).toBe("reportId");
    expect(await refused({ reportId: null, formats: ["html"] })).toBe("formats.0");
    expect(await refused({ recipients: [{ to: "channel", channelId: "none" }] })).toBe("recipients.0.channelId");
    expect(await refused({ recipients: [] })).toBe("recipients");
    const config = { routingKey: "a".repeat(32) };
    const pager = await ok<{ id: string; takesReports: boolean }>("POST", at("/alert-channels"), {
      kind: "pagerduty",
      label: "P",
      config,
    });
    expect(await refused({ recipients: [{ to: "channel", channelId: pager.id }] })).toBe("recipients.0.channelId");
    expect(pager.takesReports).toBe(false);
  });

  it("does not lose what fell due in the minute in which it was changed", async () => {
    const { id } = await aSchedule();
    const received = receiving();
    setClock(AT + 10_000);
    await ok("PUT", at(`/report-schedules/${id}`), aBody({ name: "Renamed" }));
    await ring(AT + MINUTE_MS);
    expect(received.map(mailOf)).toMatchObject([{ to: "a@example.com" }]);
    expect((await ok<ReportSchedule>("GET", at(`/report-schedules/${id}`))).nextAt).toBe(AT + DAY_MS);
  });
});

describe("a mail", () => {
  it("tells the whole day before, counts the links that are followed, and leads to the dashboard alone", async () => {
    await aSchedule();
    const received = receiving();
    await ring(AT);
    await ring(AT + MINUTE_MS);
    expect(received).toHaveLength(1);
    const mail = mailOf(received[0]!);
    expect(mail.subject).toBe("Weekly & all: 14 January 2027");
    expect(mail.text).toMatch(/Visitors: 1\b/);
    const links = linksIn(mail.html).filter((link) => link.includes("/r/"));
    expect(links.length).toBeGreaterThan(0);
    const [link] = links as [string];
    expect((await follow(link, "HEAD")).status).toBe(302);
    expect(await deliveries()).toMatchObject([{ state: "sent", tries: 1, opens: 0, openedAt: null }]);
    const followed = await follow(link);
    expect(followed.headers.get("location")).toMatch(new RegExp(`^/sites/${site.id}\\b`));
    await follow(link);
    expect(await deliveries()).toMatchObject([{ opens: 2, openedAt: AT + MINUTE_MS, sections: ["fig"] }]);
    const changed = link.replace(/(?<=\/r\/)./, (first) => (first === "A" ? "B" : "A"));
    expect((await follow(changed)).status).toBe(404);
  });

  it("is stopped by its button or in one click, never by who looks", async () => {
    await aSchedule({ recipients: [person("a@example.com"), person("b@example.com"), person("A@Example.com")] });
    const received = receiving();
    await ring(AT);
    expect(received.map((one) => mailOf(one).to).sort()).toEqual(["a@example.com", "b@example.com"]);
    const { headers, html, text } = received.map(mailOf).find(({ to }) => to === "a@example.com")!;
    const link = /^<(.+)>$/.exec(headers["List-Unsubscribe"]!)![1]!;
    expect(headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
    expect(html).toContain(link);
    expect(text).toContain(link);
    const ask = (method: string, body?: string) =>
      fetchRaw(method, pathOf(link), {
        token: "",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        ...(body !== undefined && { body }),
      });
    for (const method of ["GET", "HEAD", "GET"]) expect((await ask(method)).status).toBe(200);
    await ring(AT + DAY_MS);
    expect(received).toHaveLength(4);
    const stopped = await ask("POST", "List-Unsubscribe=One-Click");
    expect(await stopped.text()).toContain("You get this report no more");
    await ring(AT + 2 * DAY_MS);
    expect(mailOf(received[4]!).to).toBe("b@example.com");
    expect((await deliveries()).filter(({ state }) => state === "unsubscribed")).toMatchObject([
      { recipient: "a@example.com" },
    ]);
    const { results } = await env.DB.prepare("select * from report_unsubscribed").all();
    expect(JSON.stringify(results)).not.toContain("example.com");
    await ask("POST", "do=subscribe");
    await ring(AT + 3 * DAY_MS);
    expect(received).toHaveLength(7);
  });

  it("goes to who has the role when it goes out", async () => {
    await claimOwner();
    await aSchedule({ recipients: [{ to: "role", role: "viewer" }] });
    const one = await join("main", "viewer");
    const received = receiving();
    await ring(AT);
    expect(received.map((asked) => mailOf(asked).to)).toContain(one.email);
    // Their account ends, and with it what tells of them.
    vi.restoreAllMocks();
    await aSchedule({ recipients: [person(one.email), person("z@example.com")] });
    const gone = await call("DELETE", "/api/v1/me", { token: "", headers: one.headers, body: { email: one.email } });
    expect(gone.status).toBeLessThan(300);
    const { results } = await env.DB.prepare(
      "select body from report_schedules union all select recipient from report_deliveries",
    ).all();
    expect(JSON.stringify(results)).not.toContain(one.email);
    expect(JSON.stringify(results)).toContain("z@example.com");
  });

  it("that cannot be sent says why; without mail nothing passes for sent", async () => {
    await aSchedule();
    receiving(() => new Response("no", { status: 422 }));
    await ring(AT);
    expect(await deliveries()).toMatchObject([{ state: "failed", told: "answered 422: no", sentAt: null }]);
    await ring(AT + DAY_MS, { EDGEWISE_RESEND_KEY: "" });
    expect(await deliveries()).toMatchObject([{ state: "failed", told: "no mail is set up here" }, {}]);
    await ok("DELETE", at(`/reports/${reportId}`));
    await ring(AT + 2 * DAY_MS);
    expect((await deliveries())[0]).toMatchObject({ state: "failed", told: "the report was removed" });
  });
});

describe("what was missed", () => {
  it("comes as the latest alone, which says so", async () => {
    await aSchedule();
    const received = receiving();
    await ring(AT + 5 * DAY_MS + HOUR_MS);
    expect(received).toHaveLength(1);
    expect(mailOf(received[0]!).text).toContain("What was due from 15 January 2027 at 08:00 on was not sent");
    expect(await deliveries()).toMatchObject([{ dueAt: AT + 5 * DAY_MS }]);
  });

  it("is tried again with the same key, and given up after a day", async () => {
    await aSchedule();
    const received = receiving(() => new Response("busy", { status: 503 }));
    for (let now = AT; now < AT + 26 * HOUR_MS; now += 30 * MINUTE_MS) await ring(now);
    const [, first] = await deliveries();
    expect(first).toMatchObject({ state: "failed", told: "answered 503: busy" });
    const keys = received.map((one) => mailOf(one).key).filter((key) => key.includes(first!.id));
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(first!.tries);
  });
});

describe("a rule that fires", () => {
  it("sends its report, at most once an hour", async () => {
    const conditions = [{ kind: "absence", metric: "events", minutes: 30 }];
    const rule = await ok<{ id: string }>("POST", at("/alert-rules"), { name: "Few", conditions });
    expect((await aSchedule({ when: { every: "alert", ruleIds: [rule.id] } })).nextAt).toBeNull();
    const fire = (id: string, openedAt: number) =>
      env.DB.prepare(
        "insert into incidents (site_id, id, rule_id, state, body, opened_at) values (?1, ?2, ?3, 'firing', '{}', ?4)",
      )
        .bind(site.id, id, rule.id, openedAt)
        .run();
    const received = receiving();
    await ring(NOW + MINUTE_MS);
    expect(received).toHaveLength(0);
    await fire("one", NOW + 2 * MINUTE_MS);
    await ring(NOW + 3 * MINUTE_MS);
    await fire("two", NOW + 30 * MINUTE_MS);
    await ring(NOW + 31 * MINUTE_MS);
    expect(received).toHaveLength(1);
    expect(mailOf(received[0]!).subject).toContain("15 January 2027, so far");
    await fire("three", NOW + 65 * MINUTE_MS);
    await ring(NOW + 66 * MINUTE_MS);
    expect((await deliveries()).map(({ dueAt }) => dueAt)).toEqual([NOW + 65 * MINUTE_MS, NOW + 2 * MINUTE_MS]);
  });
});

describe("other recipients", () => {
  it("a channel is told the first figures and a link that counts", async () => {
    const secret = `whsec_${btoa("0123456789abcdef01234567")}`;
    const config = { url: "https://hooks.example.com/x", secret };
    const channel = { kind: "webhook", label: "Ours", config };
    const { id, takesReports } = await ok<{ id: string; takesReports: boolean }>(
      "POST",
      at("/alert-channels"),
      channel,
    );
    expect(takesReports).toBe(true);
    await aSchedule({ recipients: [{ to: "channel", channelId: id }] });
    const received = receiving();
    await ring(AT);
    const told = JSON.parse(received[0]!.body) as { type: string; data: { lines: string[]; link: string } };
    expect(told).toMatchObject({ type: "report.ready", data: { title: "Weekly & all", site: { id: site.id } } });
    expect(told.data.lines).toContain("Visitors: 1");
    await follow(told.data.link);
    expect(await deliveries()).toMatchObject([{ recipient: "Ours", state: "sent", opens: 1 }]);
  });

  it("a folder of the bucket gets raw events, as many as there were", async () => {
    await aSchedule({
      reportId: null,
      formats: ["csv", "parquet"],
      recipients: [{ to: "bucket", folder: "lake/daily" }],
    });
    await ring(AT);
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ state: "sent", told: "written to lake/daily", reportId: null });
    const csv = delivery!.files.find(({ format }) => format === "csv")!;
    const file = await fetchRaw("GET", at(`/report-deliveries/${delivery!.id}/files/${encodeURIComponent(csv.name)}`));
    const lines = (await file.text())
      .trimEnd()
      .split("\r\n")
      .filter((line) => !line.startsWith("#"));
    // A head, and the two of the day before.
    expect(lines).toHaveLength(3);
    const { objects } = await env.LAKE!.list({ prefix: `reports/folders/${site.id}/lake/daily/` });
    expect(objects.map(({ size }) => size).sort()).toEqual(delivery!.files.map(({ bytes }) => bytes).sort());
  });
});

describe("the history", () => {
  const fileOf = ({ id }: ReportDelivery, name: string) =>
    fetchRaw("GET", at(`/report-deliveries/${id}/files/${name}`));

  it("has the very mail, which is sent once more under another key", async () => {
    await aSchedule();
    const received = receiving();
    await ring(AT);
    const [delivery] = await deliveries();
    const first = mailOf(received[0]!);
    expect(await (await fileOf(delivery!, "report.html")).text()).toBe(first.html);
    vi.restoreAllMocks();
    // What comes late changes what would be made now.
    await send(aView(site, { at: NOW - DAY_MS + MINUTE_MS }), from(9));
    const again = receiving();
    await ok("POST", at(`/report-deliveries/${delivery!.id}/resend`));
    expect((await call("POST", at(`/report-deliveries/${delivery!.id}/resend`))).status).toBe(409);
    await ring(AT + 2 * MINUTE_MS);
    const second = mailOf(again[0]!);
    expect({ html: second.html, text: second.text }).toEqual({ html: first.html, text: first.text });
    expect(second.key).not.toBe(first.key);
  });

  it("is of 90 days, and what is kept goes with a person's erasure", async () => {
    await aSchedule();
    receiving();
    await ring(AT);
    await ring(AT + DAY_MS);
    const sent = async () => (await env.LAKE!.list({ prefix: `reports/sent/${site.id}/` })).objects.length;
    expect(await sent()).toBe(4);
    await pruneReports.run(env, AT + 90 * DAY_MS + HOUR_MS);
    expect(await sent()).toBe(2);
    const [left, ...gone] = await deliveries();
    expect(gone).toEqual([]);
    const subject = { id: "e", userId: null, persistentId: null, names: [] };
    const done = await personalStores.reports.erase(env, site, subject as never);
    expect(done).toMatchObject({ removed: { deliveries: 1, files: 2 } });
    expect(await sent()).toBe(0);
    expect((await fileOf(left!, "report.html")).status).toBe(404);
    expect((await deliveries())[0]!.files.map(({ kept }) => kept)).toEqual([false, false]);
  });

  it("a report is sent now, to who need not be in the schedule", async () => {
    const { id } = await aSchedule({ paused: true });
    const received = receiving();
    const now = await call("POST", at(`/report-schedules/${id}/send`), {
      body: { recipient: person("me@example.com") },
    });
    expect(now.status).toBe(202);
    await ring(NOW + MINUTE_MS);
    expect(received.map((one) => mailOf(one).to)).toEqual(["me@example.com"]);
  });
});
