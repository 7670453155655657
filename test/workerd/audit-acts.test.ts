// Every operation that changes something: called so that it succeeds, it is in the audit trail, or its route says why it is
// not. A new one without a line here fails. And no row holds what opens something, or names a person.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/api/app.ts";
import type { AuditAct } from "../../workers/api/audit.ts";
import { doorsOf } from "../../workers/api/openapi.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { signInFor } from "../../workers/store/objects.ts";
import { createDevice } from "./device.ts";
import { anEmail, claimOwner, cookiesOf, join, PASSWORD, post, type SignedIn, tokenOf } from "./people.ts";
import { ADMIN_TOKEN, type Answer, aView, call, createSite, ORIGIN, ok, send } from "./worker.ts";

interface Row {
  seq: number;
  actor: string;
  action: string;
  target: string;
  team_id: string;
  site_id: string;
  outcome: string;
  before: string | null;
  after: string | null;
}

const lastSeq = async (): Promise<number> =>
  (await env.DB.prepare("select coalesce(max(seq), 0) as seq from audit").first<{ seq: number }>())!.seq;
const rowsAfter = async (seq: number): Promise<Row[]> =>
  (await env.DB.prepare("select * from audit where seq > ?1 order by seq").bind(seq).all<Row>()).results;

let site: Site;
let owner: SignedIn;
/** All that must not be found in the trail. */
const secrets = new Set<string>([PASSWORD, ADMIN_TOKEN, "a whole new password"]);
const ids: Record<string, string> = {};

const TARGET = {
  kind: "otlp",
  label: "Ours",
  config: { url: "https://otel.invalid/v1/metrics", value: "Bearer a-hidden-key" },
};
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;
const asPerson = <Body = { id: string }>({ headers }: SignedIn, method: string, path: string, body: unknown = {}) =>
  call<Body>(method, path, { token: "", headers, ...(method !== "GET" && { body }) });
const asOwner = <Body = { id: string }>(method: string, path: string, body?: unknown) =>
  asPerson<Body>(owner, method, path, body);
const withVersion = (method: string, path: string, body: unknown) =>
  call<{ id: string }>(method, path, { token: "", headers: { ...owner.headers, "if-match": "*" }, body });

async function member(): Promise<SignedIn & { id: string }> {
  const one = await join("main", "viewer");
  secrets.add(one.email).add(one.headers.cookie);
  return { ...one, id: (await asPerson<{ id: string }>(one, "GET", "/api/v1/me")).body.id };
}

/** Makes one and keeps its id under a name. */
const make = (name: string, path: () => string, body: object) => async () => {
  const answer = await asOwner("POST", path(), body);
  ids[name] = String(answer.body.id);
  return answer;
};

const challengeAt = async (path: string, headers = {}) => ({
  challenge: (await post<{ challenge: string }>(`${path}/challenge`, {}, headers)).body.challenge,
  origin: ORIGIN,
});

async function invited(email = anEmail("invited")) {
  const { body } = await asOwner<{ link: string; id: string }>("POST", "/api/v1/teams/main/invitations", {
    email,
    role: "viewer",
  });
  secrets.add(email).add(tokenOf(body.link));
  return { token: tokenOf(body.link), id: body.id };
}

let device: Awaited<ReturnType<typeof createDevice>>;
let someone: SignedIn & { id: string };

const FILTERS = [["is", "event:page", ["/"]]];
const STEPS = [{ event: "pageview" }, { event: "signup" }];
const TARGETS = [{ since: "2026-01-01", target: 1 }];
const LINES = [{ side: "adoption", goal: "more", metric: "visitors" }];
const RULE = { on: "metric", name: "Some come", metric: "visitors", min: 1 };
const CONDITIONS = [{ kind: "threshold", metric: "events", minutes: 30, is: "above", value: 0 }];
const rotation = (name: string) => ({
  name,
  start: "2026-11-02",
  people: [{ name: "Grace Oncall", channels: [ids.channel] }],
});
const policy = (name: string) => ({ name, steps: [{ afterMinutes: 5, channels: [ids.channel] }] });
const COUNT = { label: "Signups", definition: { kind: "count" } };

/** In this order; each makes what those after it change and remove. */
const ACTS: Record<string, () => Promise<Answer<unknown>>> = {
  "POST /api/v1/session": () => post("/api/v1/session", { email: owner.email, password: PASSWORD }),
  "DELETE /api/v1/session": async () => {
    const { headers } = await post("/api/v1/session", { email: owner.email, password: PASSWORD });
    return call("DELETE", "/api/v1/session", { token: "", headers: cookiesOf({ headers }) });
  },
  "POST /api/v1/me/passkeys": async () => {
    const asked = await challengeAt("/api/v1/me/passkeys", someone.headers);
    return asPerson(someone, "POST", "/api/v1/me/passkeys", await device.made(asked));
  },
  "POST /api/v1/session/passkey": async () => {
    const proof = await device.signed(await challengeAt("/api/v1/session/passkey"));
    ids.passkey = proof.id;
    return post("/api/v1/session/passkey", proof);
  },
  "DELETE /api/v1/me/passkeys/:passkey": () => asPerson(someone, "DELETE", `/api/v1/me/passkeys/${ids.passkey}`),
  "POST /api/v1/session/link/confirm": async () => {
    const reply = await signInFor(env, someone.email).requestLink(someone.email, { address: "", userAgent: "" });
    const token = (reply.ok && reply.token) || "";
    secrets.add(token);
    return post("/api/v1/session/link/confirm", { token });
  },
  "PATCH /api/v1/me": () => {
    secrets.add("Gwendolyn");
    return asPerson(someone, "PATCH", "/api/v1/me", { name: "Gwendolyn" });
  },
  "POST /api/v1/me/password": () =>
    asPerson(someone, "POST", "/api/v1/me/password", { password: PASSWORD, newPassword: "a whole new password" }),
  "DELETE /api/v1/me/sessions": () => asPerson(someone, "DELETE", "/api/v1/me/sessions"),
  "DELETE /api/v1/me/sessions/:session": async () => {
    await post("/api/v1/session", { email: someone.email, password: "a whole new password" });
    const { body } = await asPerson<{ sessions: { id: string; current: boolean }[] }>(
      someone,
      "GET",
      "/api/v1/me/sessions",
    );
    return asPerson(someone, "DELETE", `/api/v1/me/sessions/${body.sessions.find(({ current }) => !current)!.id}`);
  },
  "POST /api/v1/teams": make("team", () => "/api/v1/teams", { name: "Others" }),
  "PATCH /api/v1/teams/:team": () => asOwner("PATCH", `/api/v1/teams/${ids.team}`, { name: "They" }),
  "DELETE /api/v1/teams/:team": () => asOwner("DELETE", `/api/v1/teams/${ids.team}`),
  "PATCH /api/v1/teams/:team/members/:person": () =>
    asOwner("PATCH", `/api/v1/teams/main/members/${someone.id}`, { role: "analyst" }),
  "POST /api/v1/teams/:team/members/:person/reset-link": async () => {
    const path = `/api/v1/teams/main/members/${someone.id}/reset-link`;
    const answer = await asOwner<{ link: string }>("POST", path);
    ids.reset = tokenOf(answer.body.link);
    secrets.add(ids.reset);
    return answer;
  },
  "POST /api/v1/password-reset/confirm": () =>
    post("/api/v1/password-reset/confirm", { token: ids.reset, password: PASSWORD }),
  "DELETE /api/v1/teams/:team/members/:person": async () =>
    asOwner("DELETE", `/api/v1/teams/main/members/${(await member()).id}`),
  "POST /api/v1/teams/:team/invitations": make("invitation", () => "/api/v1/teams/main/invitations", {
    email: "nobody-yet@example.com",
    role: "viewer",
  }),
  "DELETE /api/v1/teams/:team/invitations/:invitation": () =>
    asOwner("DELETE", `/api/v1/teams/main/invitations/${ids.invitation}`),
  "POST /api/v1/invitations/:token": async () =>
    post(`/api/v1/invitations/${(await invited()).token}`, { name: "Inga", password: PASSWORD }),
  "DELETE /api/v1/me": async () => {
    const leaving = await member();
    return asPerson(leaving, "DELETE", "/api/v1/me", { email: leaving.email });
  },
  "POST /api/v1/sites": () => asOwner("POST", "/api/v1/sites", { id: "made-by-owner", name: "Made" }),
  "PATCH /api/v1/sites/:id": () => asOwner("PATCH", at(""), { currency: "EUR", hostnames: ["example.com"] }),
  "PUT /api/v1/sites/:id/rates/:currency/:since": () => asOwner("PUT", at("/rates/USD/2026-01-01"), { rate: 0.9 }),
  "DELETE /api/v1/sites/:id/rates/:currency/:since": () => asOwner("DELETE", at("/rates/USD/2026-01-01")),
  "POST /api/v1/sites/:id/goals": make("goal", () => at("/goals"), { kind: "event", match: "signup" }),
  "PUT /api/v1/sites/:id/goals/:goalId": () =>
    asOwner("PUT", at(`/goals/${ids.goal}`), { kind: "event", match: "buy" }),
  "DELETE /api/v1/sites/:id/goals/:goalId": () => asOwner("DELETE", at(`/goals/${ids.goal}`)),
  "POST /api/v1/sites/:id/keys": async () => {
    const answer = await asOwner<{ id: string; key: string }>("POST", at("/keys"), { label: "k", scopes: ["query"] });
    ids.key = answer.body.id;
    secrets.add(answer.body.key);
    return answer;
  },
  "DELETE /api/v1/sites/:id/keys/:key": () => asOwner("DELETE", at(`/keys/${ids.key}`)),
  "POST /api/v1/sites/:id/shares": async () => {
    const body = { label: "all", password: "a share's password" };
    const answer = await asOwner("POST", at("/shares"), body);
    ids.share = answer.body.id;
    secrets.add(ids.share).add(body.password);
    return answer;
  },
  "DELETE /api/v1/sites/:id/shares/:share": () => asOwner("DELETE", at(`/shares/${ids.share}`)),
  "POST /api/v1/sites/:id/import/:importId/finish": async () => {
    ids.import = crypto.randomUUID();
    const line = { line: 1, name: "pageview", url: "https://example.com/private-page", at: 1_790_000_000_000 };
    secrets.add("private-page");
    await asOwner("POST", at("/import"), { import: { id: ids.import, label: "log" }, events: [line] });
    return asOwner("POST", at(`/import/${ids.import}/finish`));
  },
  "POST /api/v1/sites/:id/history": async () => {
    const body = "date,visitors,visits\n2024-01-01,1,1\n";
    const path = at("/history?name=imported_visitors.csv");
    const answer = await call<{ id: string }>("POST", path, { token: "", headers: owner.headers, body });
    ids.history = answer.body.id;
    return answer;
  },
  "DELETE /api/v1/sites/:id/history/:historyId": () => asOwner("DELETE", at(`/history/${ids.history}`)),
  "DELETE /api/v1/sites/:id/import/:importId": () => asOwner("DELETE", at(`/import/${ids.import}`)),
  "POST /api/v1/sites/:id/metrics": make("metric", () => at("/metrics"), { name: "signups", ...COUNT }),
  "PUT /api/v1/sites/:id/metrics/:name": () => asOwner("PUT", at("/metrics/signups"), { ...COUNT, label: "All" }),
  "DELETE /api/v1/sites/:id/metrics/:name": () => asOwner("DELETE", at("/metrics/signups")),
  "POST /api/v1/sites/:id/kpis": make("kpi", () => at("/kpis"), { name: "K", formula: "visitors", targets: TARGETS }),
  "PUT /api/v1/sites/:id/kpis/:kpiId": () =>
    asOwner("PUT", at(`/kpis/${ids.kpi}`), { name: "L", formula: "visitors", targets: TARGETS }),
  "DELETE /api/v1/sites/:id/kpis/:kpiId": () => asOwner("DELETE", at(`/kpis/${ids.kpi}`)),
  "POST /api/v1/sites/:id/heart-sheets": make("sheet", () => at("/heart-sheets"), { name: "Sheet", lines: LINES }),
  "PUT /api/v1/sites/:id/heart-sheets/:sheetId": () =>
    asOwner("PUT", at(`/heart-sheets/${ids.sheet}`), { name: "Page", lines: LINES }),
  "DELETE /api/v1/sites/:id/heart-sheets/:sheetId": () => asOwner("DELETE", at(`/heart-sheets/${ids.sheet}`)),
  "POST /api/v1/sites/:id/boards": make("board", () => at("/boards"), { name: "Board", visibility: "team" }),
  "PUT /api/v1/sites/:id/boards/:boardId": () =>
    withVersion("PUT", at(`/boards/${ids.board}`), { name: "Other board", visibility: "team" }),
  "POST /api/v1/sites/:id/boards/:boardId/copy": () => asOwner("POST", at(`/boards/${ids.board}/copy`)),
  "DELETE /api/v1/sites/:id/boards/:boardId": () => asOwner("DELETE", at(`/boards/${ids.board}`)),
  "POST /api/v1/sites/:id/reports": make("report", () => at("/reports"), { name: "Report" }),
  "PUT /api/v1/sites/:id/reports/:reportId": () =>
    withVersion("PUT", at(`/reports/${ids.report}`), { name: "Other report" }),
  "DELETE /api/v1/sites/:id/reports/:reportId": () => asOwner("DELETE", at(`/reports/${ids.report}`)),
  "POST /api/v1/sites/:id/benchmarks": make("benchmark", () => at("/benchmarks"), {
    name: "A study",
    csv: "metric,value,source,date\nbounce_rate,45,A study,2026-01-01",
  }),
  "DELETE /api/v1/sites/:id/benchmarks/:benchmarkId": () => asOwner("DELETE", at(`/benchmarks/${ids.benchmark}`)),
  "POST /api/v1/sites/:id/report-schedules": async () => {
    const { body } = await asOwner("POST", at("/reports"), { name: "Sent" });
    const recipients = [{ to: "person", email: "reader@example.com" }];
    secrets.add("reader@example.com");
    const schedule = { name: "Mornings", reportId: body.id, when: { every: "day" }, timeZone: "UTC", recipients };
    const answer = await asOwner("POST", at("/report-schedules"), schedule);
    ids.schedule = String(answer.body.id);
    ids.sent = String(body.id);
    return answer;
  },
  "PUT /api/v1/sites/:id/report-schedules/:scheduleId": () =>
    asOwner("PUT", at(`/report-schedules/${ids.schedule}`), {
      ...{ name: "Evenings", reportId: ids.sent, when: { every: "day", at: "20:00" }, timeZone: "UTC" },
      recipients: [{ to: "person", email: "reader@example.com" }],
    }),
  "POST /api/v1/sites/:id/report-schedules/:scheduleId/send": () =>
    asOwner("POST", at(`/report-schedules/${ids.schedule}/send`), {}),
  "POST /api/v1/sites/:id/report-deliveries/:deliveryId/resend": async () => {
    const { results } = await env.DB.prepare(
      "update report_deliveries set state = 'failed' where site_id = ?1 returning id",
    )
      .bind(site.id)
      .all<{ id: string }>();
    return asOwner("POST", at(`/report-deliveries/${results[0]!.id}/resend`));
  },
  "DELETE /api/v1/sites/:id/report-schedules/:scheduleId": () =>
    asOwner("DELETE", at(`/report-schedules/${ids.schedule}`)),
  "POST /api/v1/sites/:id/funnels": make("funnel", () => at("/funnels"), { name: "Way", steps: STEPS }),
  "PUT /api/v1/sites/:id/funnels/:funnelId": () =>
    asOwner("PUT", at(`/funnels/${ids.funnel}`), { name: "Path", steps: STEPS }),
  "DELETE /api/v1/sites/:id/funnels/:funnelId": () => asOwner("DELETE", at(`/funnels/${ids.funnel}`)),
  "POST /api/v1/sites/:id/quality-rules": make("rule", () => at("/quality-rules"), RULE),
  "PUT /api/v1/sites/:id/quality-rules/:ruleId": () =>
    asOwner("PUT", at(`/quality-rules/${ids.rule}`), { ...RULE, name: "Most come" }),
  "DELETE /api/v1/sites/:id/quality-rules/:ruleId": () => asOwner("DELETE", at(`/quality-rules/${ids.rule}`)),
  "POST /api/v1/sites/:id/annotations": make("annotation", () => at("/annotations"), {
    at: "2026-11-21T12:00:00Z",
    text: "Ada said so",
  }),
  "PUT /api/v1/sites/:id/annotations/:annotationId": () =>
    asOwner("PUT", at(`/annotations/${ids.annotation}`), { at: "2026-11-22T12:00:00Z", text: "Ada said so" }),
  "POST /api/v1/sites/:id/annotations/:annotationId/comments": make(
    "comment",
    () => at(`/annotations/${ids.annotation}/comments`),
    { text: "Ada said so" },
  ),
  "DELETE /api/v1/sites/:id/annotations/:annotationId/comments/:commentId": () =>
    asOwner("DELETE", at(`/annotations/${ids.annotation}/comments/${ids.comment}`)),
  "DELETE /api/v1/sites/:id/annotations/:annotationId": () => asOwner("DELETE", at(`/annotations/${ids.annotation}`)),
  "DELETE /api/v1/sites/:id/users/:userId": () => {
    secrets.add("gone-user-8");
    return asOwner("DELETE", at("/users/gone-user-8"));
  },
  "POST /api/v1/sites/:id/erasures": () => {
    secrets.add("gone-user-9").add("gone@people.example");
    return asOwner("POST", at("/erasures"), { userId: "gone-user-9", names: ["gone@people.example"] });
  },
  "POST /api/v1/sites/:id/alert-channels": () => {
    const config = { url: "https://hooks.invalid/a-hidden-path", secret: `whsec_${btoa("0123456789abcdef01234567")}` };
    secrets.add("a-hidden-path").add(config.secret);
    return make("channel", () => at("/alert-channels"), { kind: "webhook", label: "Ours", config })();
  },
  "POST /api/v1/sites/:id/on-call-rotations": () => {
    secrets.add("Grace Oncall");
    return make("rotation", () => at("/on-call-rotations"), rotation("Nights"))();
  },
  "PUT /api/v1/sites/:id/on-call-rotations/:rotationId": () =>
    asOwner("PUT", at(`/on-call-rotations/${ids.rotation}`), rotation("Days")),
  "DELETE /api/v1/sites/:id/on-call-rotations/:rotationId": () =>
    asOwner("DELETE", at(`/on-call-rotations/${ids.rotation}`)),
  "POST /api/v1/sites/:id/escalation-policies": () =>
    make("policy", () => at("/escalation-policies"), policy("Wake"))(),
  "PUT /api/v1/sites/:id/escalation-policies/:policyId": () =>
    asOwner("PUT", at(`/escalation-policies/${ids.policy}`), policy("Wake all")),
  "DELETE /api/v1/sites/:id/escalation-policies/:policyId": () =>
    asOwner("DELETE", at(`/escalation-policies/${ids.policy}`)),
  "POST /api/v1/sites/:id/alert-channels/:channelId/test": () =>
    asOwner("POST", at(`/alert-channels/${ids.channel}/test`)),
  "PATCH /api/v1/sites/:id/alert-channels/:channelId": () => {
    const config = { url: "https://hooks.invalid/another-hidden-path" };
    secrets.add("another-hidden-path");
    return asOwner("PATCH", at(`/alert-channels/${ids.channel}`), { label: "Theirs", config });
  },
  "DELETE /api/v1/sites/:id/alert-channels/:channelId": () => asOwner("DELETE", at(`/alert-channels/${ids.channel}`)),
  "POST /api/v1/sites/:id/metric-targets": () => {
    secrets.add("a-hidden-key");
    return make("target", () => at("/metric-targets"), TARGET)();
  },
  "POST /api/v1/sites/:id/metric-targets/:targetId/test": () =>
    asOwner("POST", at(`/metric-targets/${ids.target}/test`)),
  "DELETE /api/v1/sites/:id/metric-targets/:targetId": () => asOwner("DELETE", at(`/metric-targets/${ids.target}`)),
  "POST /api/v1/system/metric-targets": make("systemTarget", () => "/api/v1/system/metric-targets", TARGET),
  "POST /api/v1/system/metric-targets/:targetId/test": () =>
    asOwner("POST", `/api/v1/system/metric-targets/${ids.systemTarget}/test`),
  "DELETE /api/v1/system/metric-targets/:targetId": () =>
    asOwner("DELETE", `/api/v1/system/metric-targets/${ids.systemTarget}`),
  "POST /api/v1/sites/:id/alert-rules": make("rule", () => at("/alert-rules"), {
    name: "Rule",
    conditions: CONDITIONS,
  }),
  "PUT /api/v1/sites/:id/alert-rules/:ruleId": () =>
    asOwner("PUT", at(`/alert-rules/${ids.rule}`), { name: "Other rule", conditions: CONDITIONS }),
  "POST /api/v1/sites/:id/incidents/:incidentId/acknowledge": async () => {
    await send(aView(site));
    // By the clock alone, which is put forward: the rule's first minute, and the one of the event.
    const minute = 60_000;
    const now = Date.now();
    for (const ahead of [0, 1, 2, 3]) await runDueJobs("* * * * *", env, now + ahead * minute);
    const { body } = await asOwner<{ incidents: { id: string }[] }>("GET", at("/incidents"));
    ids.incident = body.incidents[0]!.id;
    return asOwner("POST", at(`/incidents/${ids.incident}/acknowledge`));
  },
  "POST /api/v1/sites/:id/incidents/:incidentId/notes": () => {
    secrets.add("Ada wrote this note");
    return asOwner("POST", at(`/incidents/${ids.incident}/notes`), { text: "Ada wrote this note" });
  },
  "POST /api/v1/sites/:id/incidents/:incidentId/resolve": () =>
    asOwner("POST", at(`/incidents/${ids.incident}/resolve`)),
  "POST /api/v1/sites/:id/incidents/:incidentId/reopen": () => asOwner("POST", at(`/incidents/${ids.incident}/reopen`)),
  "PATCH /api/v1/sites/:id/incidents/:incidentId": () =>
    asOwner("PATCH", at(`/incidents/${ids.incident}`), { severity: "critical", assignee: "me" }),
  "POST /api/v1/sites/:id/alert-deliveries/:deliveryId/replay": async () => {
    await env.DB.prepare(
      `insert into notices (site_id, id, incident_id, channel_id, message, state, next_at, created_at)
       values (?1, 'notice', 'i', 'c', '{}', 'failed', 0, 0)`,
    )
      .bind(site.id)
      .run();
    return asOwner("POST", at("/alert-deliveries/notice/replay"));
  },
  "PUT /api/v1/sites/:id/alert-maintenance": () =>
    asOwner("PUT", at("/alert-maintenance"), { windows: [{ from: 1, until: 2, why: "A move" }] }),
  "DELETE /api/v1/sites/:id/alert-rules/:ruleId": () => asOwner("DELETE", at(`/alert-rules/${ids.rule}`)),
  "POST /api/v1/sites/:id/segments": make("segment", () => at("/segments"), { name: "Pages", filters: FILTERS }),
  "PUT /api/v1/sites/:id/segments/:segmentId": () =>
    asOwner("PUT", at(`/segments/${ids.segment}`), { name: "Leaves", filters: FILTERS }),
  "DELETE /api/v1/sites/:id/segments/:segmentId": () => asOwner("DELETE", at(`/segments/${ids.segment}`)),
  "PUT /api/v1/sites/:id/users/:userId/consent": () => {
    secrets.add("user-of-the-site");
    return asOwner("PUT", at("/users/user-of-the-site/consent"), { analytics: false });
  },
  "PUT /api/v1/sites/:id/legal-hold": () => asOwner("PUT", at("/legal-hold"), { reason: "A case at court" }),
  "DELETE /api/v1/sites/:id/legal-hold": () => asOwner("DELETE", at("/legal-hold")),
  "POST /api/v1/sites/:id/archive/restore": () =>
    asOwner("POST", at("/archive/restore"), { from: "2026-01-01", to: "2026-01-02" }),
  "PUT /api/v1/sites/:id/tracking-plan": () => withVersion("PUT", at("/tracking-plan"), { events: {} }),
  "POST /api/v1/sites/:id/quarantine/replay": () => asOwner("POST", at("/quarantine/replay"), {}),
  "POST /api/v1/backups": async () => {
    const answer = await call<{ id: string }>("POST", "/api/v1/backups", { body: { name: "weekly" } });
    ids.backup = answer.body.id;
    return answer;
  },
  "POST /api/v1/backups/:backup/end": () =>
    call("POST", `/api/v1/backups/${ids.backup}/end`, { body: { events: 0, checksum: "0".repeat(64) } }),
  "POST /api/v1/restores": async () => {
    const body = { version: 1, name: "weekly", madeAt: 0, migration: "", checksum: "0".repeat(64), sites: [] };
    const answer = await call<{ id: string }>("POST", "/api/v1/restores", {
      body: { ...body, identity: null, force: true },
    });
    ids.restore = answer.body.id;
    return answer;
  },
  "POST /api/v1/restores/:restore/end": () => call("POST", `/api/v1/restores/${ids.restore}/end`),
};

/** What a row of the trail must say before and after; the others say what is made or removed, or nothing. */
const TOLD: Record<string, [before: unknown, after: unknown]> = {
  "PATCH /api/v1/me": [null, null],
  "POST /api/v1/sites/:id/annotations/:annotationId/comments": [null, null],
  "DELETE /api/v1/sites/:id/annotations/:annotationId/comments/:commentId": [null, null],
  "POST /api/v1/me/password": [null, null],
  "PATCH /api/v1/teams/:team": [{ name: "Others" }, { name: "They" }],
  "PATCH /api/v1/teams/:team/members/:person": [{ role: "viewer" }, { role: "analyst" }],
  "POST /api/v1/teams/:team/invitations": [null, { role: "viewer", scopes: [] }],
  "PATCH /api/v1/sites/:id": [
    { hostnames: [], currency: null },
    { hostnames: ["example.com"], currency: "EUR" },
  ],
  "PUT /api/v1/sites/:id/rates/:currency/:since": [null, { rate: 0.9 }],
  "DELETE /api/v1/sites/:id/rates/:currency/:since": [{ rate: 0.9 }, null],
  "PUT /api/v1/sites/:id/goals/:goalId": [
    { name: "signup", match: "signup" },
    { name: "buy", match: "buy" },
  ],
  "POST /api/v1/sites/:id/keys": [null, { label: "k", scopes: ["query"], expiresAt: null }],
  "POST /api/v1/sites/:id/shares": [
    null,
    { label: "all", boardId: null, reportId: null, files: false, hasPassword: true },
  ],
  "PUT /api/v1/sites/:id/metrics/:name": [{ label: "Signups" }, { label: "All" }],
  "PUT /api/v1/sites/:id/kpis/:kpiId": [{ name: "K" }, { name: "L" }],
  "PUT /api/v1/sites/:id/heart-sheets/:sheetId": [{ name: "Sheet" }, { name: "Page" }],
  "PUT /api/v1/sites/:id/boards/:boardId": [{ name: "Board" }, { name: "Other board" }],
  "POST /api/v1/sites/:id/boards/:boardId/copy": [null, { visibility: "private" }],
  "DELETE /api/v1/sites/:id/users/:userId": [null, { kind: "erasure" }],
  "PUT /api/v1/sites/:id/report-schedules/:scheduleId": [
    { name: "Mornings", when: { every: "day", at: "08:00" } },
    { name: "Evenings", when: { every: "day", at: "20:00" } },
  ],
  "PUT /api/v1/sites/:id/funnels/:funnelId": [{ name: "Way" }, { name: "Path" }],
  "PUT /api/v1/sites/:id/reports/:reportId": [{ name: "Report" }, { name: "Other report" }],
  "PUT /api/v1/sites/:id/quality-rules/:ruleId": [{ name: "Some come" }, { name: "Most come" }],
  "PUT /api/v1/sites/:id/alert-rules/:ruleId": [{ name: "Rule" }, { name: "Other rule" }],
  "PATCH /api/v1/sites/:id/alert-channels/:channelId": [
    { label: "Ours", settings: [] },
    { label: "Theirs", settings: ["url"] },
  ],
  "POST /api/v1/sites/:id/incidents/:incidentId/acknowledge": [{ state: "firing" }, { state: "acknowledged" }],
  "POST /api/v1/sites/:id/incidents/:incidentId/reopen": [{ state: "resolved" }, { state: "firing" }],
  "PATCH /api/v1/sites/:id/incidents/:incidentId": [
    { severity: "warning", assignee: null },
    { severity: "critical", assignee: expect.stringMatching(/^person /) },
  ],
  "PUT /api/v1/sites/:id/on-call-rotations/:rotationId": [{ name: "Nights" }, { name: "Days" }],
  "PUT /api/v1/sites/:id/escalation-policies/:policyId": [{ name: "Wake" }, { name: "Wake all" }],
  "PUT /api/v1/sites/:id/segments/:segmentId": [{ name: "Pages" }, { name: "Leaves" }],
};

const doors = doorsOf(app.routes).map((door) => ({ ...door, route: `${door.method} ${door.path}` }));
const changing = doors.filter(({ method }) => !["GET", "HEAD"].includes(method));
const parsed = (json: string | null): unknown => json && JSON.parse(json);

beforeAll(async () => {
  const before = await lastSeq();
  owner = await claimOwner();
  secrets.add(owner.email).add(owner.headers.cookie).add("Olga");
  expect((await rowsAfter(before)).map(({ action, team_id }) => [action, team_id])).toEqual([
    ["POST /api/v1/claim", "main"],
  ]);
  site = await createSite();
  someone = await member();
  device = await createDevice();
});

describe("operations that change something", () => {
  it("are each done below, or say why they are not in the trail", () => {
    const exempt = changing.filter(({ operation }) => typeof operation.audit === "object");
    for (const { operation } of exempt) expect((operation.audit as { why: string }).why.length).toBeGreaterThan(20); // an object has it
    const unexplained = changing.filter((door) => !exempt.includes(door) && door.path !== "/api/v1/claim");
    expect(unexplained.map(({ route }) => route).sort()).toEqual(Object.keys(ACTS).sort());
    expect(exempt.map(({ route }) => route).sort()).toEqual([
      "POST /api/consent",
      "POST /api/event",
      "POST /api/v1/alert-links",
      "POST /api/v1/alert-links/acknowledge",
      "POST /api/v1/backups/:backup/sites/:id/shards/:shard",
      "POST /api/v1/me/passkeys/challenge",
      "POST /api/v1/password-reset",
      "POST /api/v1/session/link",
      "POST /api/v1/session/passkey/challenge",
      "POST /api/v1/shares/:share",
      "POST /api/v1/sites/:id/alert-rules/back-test",
      "POST /api/v1/sites/:id/flush",
      "POST /api/v1/sites/:id/history/preview",
      "POST /api/v1/sites/:id/import",
      "POST /api/v1/sites/:id/pii/try",
      "POST /api/v1/sites/:id/quality-rules/try",
      "POST /api/v1/sites/:id/reports/preview",
      "POST /api/v1/sites/:id/retention/dry-run",
      "POST /api/v1/sites/:id/tracking-plan/check",
      "POST /api/v2/query",
      "POST /graphql",
      "POST /unsubscribe/:token",
      "PUT /api/v1/restores/:restore/sites/:id/shards/:shard/:part",
      "PUT /api/v1/restores/:restore/tables/:table",
      "PUT /api/v1/sites/:id/boards/:boardId/layout",
    ]);
  });

  it.each(Object.keys(ACTS))("%s is told", async (route) => {
    const before = await lastSeq();
    const answer = await ACTS[route]!();
    expect([answer.status, answer.status < 300 ? "" : answer.body]).toEqual([answer.status, ""]);
    const row = (await rowsAfter(before)).findLast(({ action }) => action === route);
    expect(row).toMatchObject({ outcome: "done", actor: expect.stringMatching(/^(?:person [\w-]{20,}|operator)$/) });
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    if (route.includes("/sites")) expect(row!.team_id).toBe("main");
    if (route.includes("/sites/:id")) expect(row!.site_id).toBe(site.id);
    if (TOLD[route]) expect([parsed(row!.before), parsed(row!.after)]).toEqual(TOLD[route]);
    else if (route.startsWith("DELETE /api/v1/sites/")) expect(row!.before).not.toBeNull();
    else if (route.startsWith("POST /api/v1/sites")) expect(row!.after).not.toBeNull();
  });
});

describe("the trail", () => {
  it("tells what reads people's raw events, and answers that leave as files", async () => {
    await send(aView(site));
    const before = await lastSeq();
    await ok("GET", at("/events?from=2026-11-01&to=2026-11-02&format=csv"));
    const question = { site_id: site.id, metrics: ["visitors"], date_range: "7d" };
    await ok("POST", "/api/v2/query?format=csv", question);
    await ok("POST", "/api/v2/query", question);
    await ok("GET", at("/audit?format=csv"));
    expect((await rowsAfter(before)).map(({ action, after }) => [action, parsed(after)])).toEqual([
      ["GET /api/v1/sites/:id/events", { format: "csv", days: "2026-11-01 to 2026-11-02" }],
      ["POST /api/v2/query", { format: "csv" }],
      ["GET /api/v1/sites/:id/audit", { format: "csv" }],
    ]);
  });

  it("tells of tries that were refused, by whose account it was, and of no other refusals", async () => {
    const before = await lastSeq();
    await post("/api/v1/session", { email: someone.email, password: "not the password" });
    await post("/api/v1/session", { email: "stranger@example.com", password: "not the password" });
    await post("/api/v1/session", { token: "not the token" });
    await asPerson(someone, "PATCH", at(""), { name: "Mine" });
    await asOwner("POST", at("/goals"), { kind: "nothing" });
    expect(
      (await rowsAfter(before)).map(({ action, target, outcome, actor }) => [action, target, outcome, actor]),
    ).toEqual([
      ["POST /api/v1/session", `person ${someone.id}`, "refused", "nobody"],
      ["POST /api/v1/session", "/api/v1/session", "refused", "nobody"],
      ["POST /api/v1/session", "/api/v1/session", "refused", "nobody"],
    ]);
  });

  it("tells of what GraphQL changes, and of what is repeated once", async () => {
    const before = await lastSeq();
    const query = `mutation { makeGoal(site: "${site.id}", kind: "event", match: "signup") { id } }`;
    await ok("POST", "/graphql", { query });
    const headers = { "idempotency-key": "once" };
    for (let i = 0; i < 2; i++) {
      await call("POST", at("/segments"), { headers, body: { name: "Once", filters: FILTERS } });
    }
    expect((await rowsAfter(before)).map(({ action, actor }) => [action, actor])).toEqual([
      ["POST /api/v1/sites/:id/goals", "operator"],
      ["POST /api/v1/sites/:id/segments", "operator"],
    ]);
  });

  it("refuses to be changed or cut", async () => {
    await expect(env.DB.prepare("update audit set target = 'x'").run()).rejects.toThrow("append-only");
    await expect(env.DB.prepare("delete from audit where seq = 1").run()).rejects.toThrow("append-only");
  });

  it("is read by those who may, with names, filters and pages", async () => {
    const read = <Body = { acts: AuditAct[]; next: string | null }>(path: string) => ok<Body>("GET", path);
    const { acts } = await read(at("/audit?limit=3"));
    expect(acts).toHaveLength(3);
    expect(acts.every(({ siteId }) => siteId === site.id)).toBe(true);
    const all = await read("/api/v1/teams/main/audit");
    const seqs = all.acts.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    const paged: number[] = [];
    for (let cursor = ""; ; ) {
      const page = await read(`/api/v1/teams/main/audit?limit=20${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.acts.map(({ seq }) => seq));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(paged).toEqual(seqs);
    const only = async (query: string) => (await read(`/api/v1/teams/main/audit?${query}`)).acts;
    expect((await only(`actor=person%20${someone.id}`)).map(({ name }) => name)).toContain("Gwendolyn");
    for (const { actor } of await only("actor=operator")) expect(actor).toBe("operator");
    expect((await only("text=Other%20BOARD")).map(({ action }) => action)).toContain(
      "PUT /api/v1/sites/:id/boards/:boardId",
    );
    expect((await only(`target=/api/v1/sites/${site.id}/keys`)).length).toBe(2);
    expect(await only("to=2020-01-01")).toEqual([]);
    expect((await only("text=gwendolyn")).length).toBeGreaterThan(3);
  });

  it("shows another team neither its acts nor those of people who are not in it", async () => {
    const { id } = await ok<{ id: string }>("POST", "/api/v1/teams", { name: "Apart" });
    const { acts } = await ok<{ acts: AuditAct[] }>("GET", `/api/v1/teams/${id}/audit`);
    expect(acts.map(({ action }) => action)).toEqual(["POST /api/v1/teams"]);
  });

  it("is whole after all that, and holds nothing that opens something or names somebody", async () => {
    expect(await ok("GET", "/api/v1/teams/main/audit/verify")).toMatchObject({ next: null, faults: [] });
    const dump = JSON.stringify(await rowsAfter(0));
    expect(dump.length).toBeGreaterThan(10_000);
    expect([...secrets].filter((secret) => dump.includes(secret))).toEqual([]);
    expect(dump).not.toMatch(/[\w.]+@example\.com|Ada said so|ew_|ewi_|ews_\w{9}|scrypt/);
  });

  it("still holds once a person has gone, whose name nobody knows then", async () => {
    const leaving = await member();
    await asPerson(leaving, "PATCH", "/api/v1/me", { name: "Lea" });
    const of = async () =>
      (await ok<{ acts: AuditAct[] }>("GET", `/api/v1/teams/main/audit?actor=person%20${leaving.id}`)).acts;
    expect(new Set((await of()).map(({ name }) => name))).toEqual(new Set(["Lea"]));
    await asPerson(leaving, "DELETE", "/api/v1/me", { email: leaving.email });
    const { results } = await env.DB.prepare("select * from audit where actor = ?1").bind(`person ${leaving.id}`).all();
    expect(results.length).toBeGreaterThan(1);
    expect(await ok("GET", "/api/v1/teams/main/audit/verify")).toMatchObject({ faults: [] });
    expect(JSON.stringify(await ok("GET", "/api/v1/teams/main/audit"))).not.toContain('"name":"Lea"');
  });

  it("keeps an act from being answered as done that it could not take in", async () => {
    await env.DB.exec("alter table audit rename to away");
    const refused = await call<Problem>("PATCH", at(""), { body: { name: "Unwritten" } });
    expect([refused.status, refused.body.detail]).toEqual([503, expect.stringContaining("audit trail could not be")]);
    await env.DB.exec("alter table away rename to audit");
    await ok("PATCH", at(""), { name: "Written" });
    expect(await ok("GET", "/api/v1/teams/main/audit/verify")).toMatchObject({ faults: [] });
  });
});
