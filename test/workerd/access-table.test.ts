// Every door × everybody × their own and another team's site. A door without a line here fails.
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/api/app.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import { claimOwner, cookiesOf, join, post } from "./people.ts";
import { ADMIN_TOKEN, call, createSite, ok } from "./worker.ts";

/** Whom the table knows, and what each may at home; written out here, so that a change of roles must be made twice. */
const HOLDS = {
  nobody: "",
  operator: "query export define import settings shares keys audit privacy members sites team deployment system",
  owner: "query export define import settings shares keys audit privacy members sites team system",
  admin: "query export define import settings shares keys audit privacy members sites system",
  analyst: "query export define shares",
  viewer: "query",
  custom: "query members",
  queryKey: "query",
  importKey: "import",
  share: "query",
} as const;
type Who = keyof typeof HOLDS;
const EVERYBODY = Object.keys(HOLDS) as Who[];
const PEOPLE: Who[] = ["operator", "owner", "admin", "analyst", "viewer", "custom"];
const OF_TEAMS = ["members", "sites", "team"];

interface Place {
  site: string;
  team: string;
}

interface Door {
  /**
   * The action it needs at its place; `open` to all, `known` to all but nobody, `person` to all that a browser may be,
   * `self` to those who signed in as themselves.
   */
  needs: string;
  /** What it answers to those who may; a 404 is then about what lies below the site or team. */
  ok: number;
  body?: (place: Place) => unknown;
}

let counted = 0;
const fresh = (name: string): string => `${name}-${++counted}`;
const QUESTION = { metrics: ["visitors"], date_range: "7d" };

const DOORS: Record<string, Door> = {
  "GET /health": { needs: "open", ok: 200 },
  "GET /health/live": { needs: "open", ok: 200 },
  "GET /health/ready": { needs: "open", ok: 200 },
  "GET /metrics": { needs: "system", ok: 200 },
  "GET /r/:token": { needs: "open", ok: 404 },
  "GET /unsubscribe/:token": { needs: "open", ok: 404 },
  "POST /unsubscribe/:token": { needs: "open", ok: 404 },
  "GET /js/:file": { needs: "open", ok: 404 },
  "GET /api/consent": { needs: "open", ok: 400 },
  "POST /api/consent": { needs: "open", ok: 400 },
  "GET /api/v1/openapi.json": { needs: "open", ok: 200 },
  "GET /api/v1/catalog": { needs: "open", ok: 200 },
  "GET /api/v1/session": { needs: "person", ok: 200 },
  "POST /api/v1/session": { needs: "open", ok: 400 },
  "DELETE /api/v1/session": { needs: "open", ok: 204 },
  "POST /api/v1/session/passkey": { needs: "open", ok: 400 },
  "POST /api/v1/session/passkey/challenge": { needs: "open", ok: 200 },
  "POST /api/v1/session/link": { needs: "open", ok: 400 },
  "POST /api/v1/session/link/confirm": { needs: "open", ok: 400 },
  "GET /api/v1/me": { needs: "self", ok: 200 },
  "PATCH /api/v1/me": { needs: "self", ok: 400 },
  "DELETE /api/v1/me": { needs: "self", ok: 400 },
  "POST /api/v1/me/password": { needs: "self", ok: 400 },
  "GET /api/v1/me/sessions": { needs: "self", ok: 200 },
  "DELETE /api/v1/me/sessions": { needs: "self", ok: 204 },
  "DELETE /api/v1/me/sessions/:session": { needs: "self", ok: 404 },
  "GET /api/v1/me/passkeys": { needs: "self", ok: 200 },
  "POST /api/v1/me/passkeys": { needs: "self", ok: 400 },
  "POST /api/v1/me/passkeys/challenge": { needs: "self", ok: 200 },
  "DELETE /api/v1/me/passkeys/:passkey": { needs: "self", ok: 404 },
  "GET /api/v1/claim": { needs: "open", ok: 200 },
  "POST /api/v1/claim": { needs: "open", ok: 400 },
  "POST /api/v1/password-reset": { needs: "open", ok: 400 },
  "POST /api/v1/password-reset/confirm": { needs: "open", ok: 400 },
  "GET /api/v1/invitations/:token": { needs: "open", ok: 404 },
  "POST /api/v1/invitations/:token": { needs: "open", ok: 404 },
  "POST /api/v1/shares/:share": { needs: "open", ok: 404 },
  "GET /api/v1/shares/:share/report": { needs: "open", ok: 404 },
  "GET /api/v1/shares/:share/report/files/:format": { needs: "open", ok: 404 },
  "GET /api/v1/api-usage": { needs: "deployment", ok: 200 },
  "GET /api/v1/system": { needs: "system", ok: 200 },
  "GET /api/v1/system/storage": { needs: "system", ok: 200 },
  "GET /api/v1/backups": { needs: "deployment", ok: 200 },
  "POST /api/v1/backups": { needs: "deployment", ok: 400 },
  "GET /api/v1/backups/erased": { needs: "deployment", ok: 200 },
  "GET /api/v1/backups/:backup/tables/:table": { needs: "deployment", ok: 404 },
  "POST /api/v1/backups/:backup/sites/:id/shards/:shard": { needs: "deployment", ok: 404 },
  "GET /api/v1/backups/:backup/sites/:id/shards/:shard/events": { needs: "deployment", ok: 404 },
  "GET /api/v1/backups/:backup/sites/:id/shards/:shard/ids": { needs: "deployment", ok: 404 },
  "POST /api/v1/backups/:backup/end": { needs: "deployment", ok: 404 },
  "GET /api/v1/restores": { needs: "deployment", ok: 200 },
  "POST /api/v1/restores": { needs: "deployment", ok: 400 },
  "PUT /api/v1/restores/:restore/tables/:table": { needs: "deployment", ok: 404 },
  "PUT /api/v1/restores/:restore/sites/:id/shards/:shard/:part": { needs: "deployment", ok: 404 },
  "POST /api/v1/restores/:restore/end": { needs: "deployment", ok: 404 },
  "GET /api/v1/sites/:id/api-usage": { needs: "keys", ok: 200 },
  "GET /api/v1/sites/:id/overview": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/usage": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/agents": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/agents/:agentId": { needs: "query", ok: 404 },
  "GET /api/v1/sites/:id/top-agents": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/conversations": { needs: "query", ok: 200 },
  "GET /api/v1/teams": { needs: "known", ok: 200 },
  "POST /api/v1/teams": { needs: "team", ok: 400 },
  "PATCH /api/v1/teams/:team": { needs: "team", ok: 400 },
  "DELETE /api/v1/teams/:team": { needs: "team", ok: 409 },
  "GET /api/v1/teams/:team/members": { needs: "members", ok: 200 },
  "PATCH /api/v1/teams/:team/members/:person": { needs: "members", ok: 404 },
  "DELETE /api/v1/teams/:team/members/:person": { needs: "members", ok: 404 },
  "POST /api/v1/teams/:team/members/:person/reset-link": { needs: "members", ok: 404 },
  "GET /api/v1/teams/:team/invitations": { needs: "members", ok: 200 },
  "POST /api/v1/teams/:team/invitations": { needs: "members", ok: 400 },
  "DELETE /api/v1/teams/:team/invitations/:invitation": { needs: "members", ok: 404 },
  "GET /api/v1/teams/:team/audit": { needs: "audit", ok: 200 },
  "GET /api/v1/teams/:team/audit/verify": { needs: "audit", ok: 200 },
  "GET /api/v1/sites/:id/audit": { needs: "audit", ok: 200 },
  "GET /api/v1/sites": { needs: "known", ok: 200 },
  "POST /api/v1/sites": { needs: "sites", ok: 201, body: ({ team }) => ({ id: fresh("made"), team }) },
  "GET /api/v1/sites/:id": { needs: "query", ok: 200 },
  "PATCH /api/v1/sites/:id": { needs: "settings", ok: 200 },
  "GET /api/v1/sites/:id/status": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/pii": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/pii/try": { needs: "settings", ok: 400 },
  "GET /api/v1/sites/:id/events": { needs: "export", ok: 400 },
  "POST /api/v1/sites/:id/retention/dry-run": { needs: "settings", ok: 200 },
  "GET /api/v1/sites/:id/retention/runs": { needs: "settings", ok: 200 },
  "GET /api/v1/sites/:id/retention/report": { needs: "settings", ok: 400 },
  "PUT /api/v1/sites/:id/legal-hold": { needs: "settings", ok: 400 },
  "DELETE /api/v1/sites/:id/legal-hold": { needs: "settings", ok: 204 },
  "GET /api/v1/sites/:id/archive": { needs: "settings", ok: 200 },
  "POST /api/v1/sites/:id/archive/restore": { needs: "settings", ok: 400 },
  "GET /api/v1/tracking-plan.schema.json": { needs: "open", ok: 200 },
  "GET /api/v1/sites/:id/tracking-plan": { needs: "query", ok: 200 },
  "PUT /api/v1/sites/:id/tracking-plan": { needs: "define", ok: 400 },
  "POST /api/v1/sites/:id/tracking-plan/check": { needs: "query", ok: 400 },
  "GET /api/v1/sites/:id/tracking-plan/versions": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/tracking-plan/versions/:version": { needs: "query", ok: 404 },
  "GET /api/v1/sites/:id/tracking-plan/diff": { needs: "query", ok: 400 },
  "GET /api/v1/sites/:id/tracking-plan/violations": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/tracking-plan/coverage": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/tracking-plan/lint": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/tracking-plan/draft": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/quarantine": { needs: "export", ok: 200 },
  "POST /api/v1/sites/:id/quarantine/replay": { needs: "define", ok: 200 },
  "GET /api/v1/sites/:id/users/:userId": { needs: "privacy", ok: 200 },
  "DELETE /api/v1/sites/:id/users/:userId": { needs: "privacy", ok: 202 },
  "GET /api/v1/sites/:id/erasures": { needs: "privacy", ok: 200 },
  "POST /api/v1/sites/:id/erasures": { needs: "privacy", ok: 400 },
  "GET /api/v1/sites/:id/erasures/:erasureId": { needs: "privacy", ok: 404 },
  "GET /api/v1/sites/:id/history": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/history": { needs: "import", ok: 400 },
  "POST /api/v1/sites/:id/history/preview": { needs: "import", ok: 400 },
  "DELETE /api/v1/sites/:id/history/:historyId": { needs: "import", ok: 404 },
  "GET /api/v1/sites/:id/reconciliation": { needs: "query", ok: 400 },
  "GET /api/v1/alert-kinds": { needs: "open", ok: 200 },
  "GET /api/v1/alert-charts/:code": { needs: "open", ok: 404 },
  "POST /api/v1/alert-links": { needs: "open", ok: 400 },
  "POST /api/v1/alert-links/acknowledge": { needs: "open", ok: 400 },
  "GET /api/v1/sites/:id/alert-rules": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/alert-rules": { needs: "define", ok: 400 },
  "POST /api/v1/sites/:id/alert-rules/back-test": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/alert-rules/:ruleId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/alert-rules/:ruleId": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/alert-rules/:ruleId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/alert-push-key": { needs: "settings", ok: 200 },
  "GET /api/v1/sites/:id/alert-channels": { needs: "define", ok: 200 },
  "POST /api/v1/sites/:id/alert-channels": { needs: "settings", ok: 400 },
  "POST /api/v1/sites/:id/alert-channels/:channelId/test": { needs: "settings", ok: 404 },
  "GET /api/v1/sites/:id/alert-channels/:channelId": { needs: "settings", ok: 404 },
  "PATCH /api/v1/sites/:id/alert-channels/:channelId": { needs: "settings", ok: 404 },
  "POST /api/v1/sites/:id/alert-deliveries/:deliveryId/replay": { needs: "settings", ok: 404 },
  "DELETE /api/v1/sites/:id/alert-channels/:channelId": { needs: "settings", ok: 404 },
  "GET /api/v1/sites/:id/alert-deliveries": { needs: "define", ok: 200 },
  "GET /api/v1/metric-target-kinds": { needs: "open", ok: 200 },
  "GET /api/v1/sites/:id/metric-targets": { needs: "define", ok: 200 },
  "POST /api/v1/sites/:id/metric-targets": { needs: "settings", ok: 400 },
  "POST /api/v1/sites/:id/metric-targets/:targetId/test": { needs: "settings", ok: 404 },
  "DELETE /api/v1/sites/:id/metric-targets/:targetId": { needs: "settings", ok: 404 },
  "GET /api/v1/system/metric-targets": { needs: "system", ok: 200 },
  "POST /api/v1/system/metric-targets": { needs: "system", ok: 400 },
  "POST /api/v1/system/metric-targets/:targetId/test": { needs: "system", ok: 404 },
  "DELETE /api/v1/system/metric-targets/:targetId": { needs: "system", ok: 404 },
  "GET /api/v1/sites/:id/alert-maintenance": { needs: "query", ok: 200 },
  "PUT /api/v1/sites/:id/alert-maintenance": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/incidents": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/incidents/:incidentId": { needs: "query", ok: 404 },
  "PATCH /api/v1/sites/:id/incidents/:incidentId": { needs: "define", ok: 404 },
  "POST /api/v1/sites/:id/incidents/:incidentId/reopen": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/incident-history": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/on-call": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/on-call-rotations": { needs: "define", ok: 200 },
  "POST /api/v1/sites/:id/on-call-rotations": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/on-call-rotations/:rotationId": { needs: "define", ok: 404 },
  "PUT /api/v1/sites/:id/on-call-rotations/:rotationId": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/on-call-rotations/:rotationId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/escalation-policies": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/escalation-policies": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/escalation-policies/:policyId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/escalation-policies/:policyId": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/escalation-policies/:policyId": { needs: "define", ok: 404 },
  "POST /api/v1/sites/:id/incidents/:incidentId/acknowledge": { needs: "define", ok: 404 },
  "POST /api/v1/sites/:id/incidents/:incidentId/resolve": { needs: "define", ok: 404 },
  "POST /api/v1/sites/:id/incidents/:incidentId/notes": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/goals": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/goals": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/goals/:goalId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/goals/:goalId": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/goals/:goalId": { needs: "define", ok: 404 },
  "POST /api/v1/sites/:id/flush": { needs: "settings", ok: 204 },
  "GET /api/v1/sites/:id/keys": { needs: "keys", ok: 200 },
  "POST /api/v1/sites/:id/keys": { needs: "keys", ok: 400 },
  "DELETE /api/v1/sites/:id/keys/:key": { needs: "keys", ok: 404 },
  "GET /api/v1/sites/:id/shares": { needs: "shares", ok: 200 },
  "POST /api/v1/sites/:id/shares": { needs: "shares", ok: 400 },
  "DELETE /api/v1/sites/:id/shares/:share": { needs: "shares", ok: 404 },
  "GET /api/v1/sites/:id/import": { needs: "import", ok: 200 },
  "POST /api/v1/sites/:id/import": { needs: "import", ok: 400 },
  "GET /api/v1/sites/:id/import/:importId": { needs: "import", ok: 404 },
  "POST /api/v1/sites/:id/import/:importId/finish": { needs: "import", ok: 404 },
  "DELETE /api/v1/sites/:id/import/:importId": { needs: "import", ok: 404 },
  "GET /api/v1/sites/:id/live": { needs: "query", ok: 400 },
  "GET /api/v1/sites/:id/metrics": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/prometheus": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/metrics": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/metrics/:name": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/metrics/:name": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/metrics/:name": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/users/:userId/consent": { needs: "import", ok: 200 },
  "PUT /api/v1/sites/:id/users/:userId/consent": { needs: "import", ok: 400 },
  "GET /api/v1/sites/:id/rates": { needs: "query", ok: 200 },
  "PUT /api/v1/sites/:id/rates/:currency/:since": { needs: "settings", ok: 400 },
  "DELETE /api/v1/sites/:id/rates/:currency/:since": { needs: "settings", ok: 400 },
  "GET /api/v1/sites/:id/anomalies": { needs: "query", ok: 400 },
  "GET /api/v1/sites/:id/insights": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/filtered": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/kpis": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/kpis": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/kpis/map": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/kpis/:kpiId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/kpis/:kpiId": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/kpis/:kpiId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/heart-sheets": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/heart-sheets": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/heart-sheets/:sheetId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/heart-sheets/:sheetId": { needs: "define", ok: 404 },
  "DELETE /api/v1/sites/:id/heart-sheets/:sheetId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/reports": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/reports": { needs: "define", ok: 400 },
  "POST /api/v1/sites/:id/reports/preview": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/reports/:reportId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/reports/:reportId": { needs: "define", ok: 404 },
  "DELETE /api/v1/sites/:id/reports/:reportId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/reports/:reportId/document": { needs: "query", ok: 404 },
  "GET /api/v1/sites/:id/reports/:reportId/files/:format": { needs: "query", ok: 400 },
  "GET /api/v1/sites/:id/report-templates": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/benchmarks": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/benchmarks": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/benchmarks/:benchmarkId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/boards": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/boards": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/boards/:boardId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/boards/:boardId": { needs: "define", ok: 404 },
  "DELETE /api/v1/sites/:id/boards/:boardId": { needs: "define", ok: 404 },
  "POST /api/v1/sites/:id/boards/:boardId/copy": { needs: "define", ok: 404 },
  "PUT /api/v1/sites/:id/boards/:boardId/layout": { needs: "query", ok: 404 },
  "GET /api/v1/sites/:id/quality": { needs: "query", ok: 200 },
  "GET /api/v1/sites/:id/quality-rules": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/quality-rules": { needs: "define", ok: 400 },
  "POST /api/v1/sites/:id/quality-rules/try": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/quality-rules/:ruleId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/quality-rules/:ruleId": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/quality-rules/:ruleId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/report-schedules": { needs: "define", ok: 200 },
  "POST /api/v1/sites/:id/report-schedules": { needs: "shares", ok: 400 },
  "GET /api/v1/sites/:id/report-schedules/:scheduleId": { needs: "define", ok: 404 },
  "PUT /api/v1/sites/:id/report-schedules/:scheduleId": { needs: "shares", ok: 400 },
  "DELETE /api/v1/sites/:id/report-schedules/:scheduleId": { needs: "shares", ok: 404 },
  "POST /api/v1/sites/:id/report-schedules/:scheduleId/send": { needs: "shares", ok: 404 },
  "GET /api/v1/sites/:id/report-deliveries": { needs: "define", ok: 200 },
  "POST /api/v1/sites/:id/report-deliveries/:deliveryId/resend": { needs: "shares", ok: 404 },
  "GET /api/v1/sites/:id/report-deliveries/:deliveryId/files/:name": { needs: "export", ok: 404 },
  "GET /api/v1/sites/:id/funnels": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/funnels": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/funnels/:funnelId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/funnels/:funnelId": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/funnels/:funnelId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/annotations": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/annotations": { needs: "define", ok: 400 },
  "GET /api/v1/sites/:id/annotations/:annotationId": { needs: "query", ok: 404 },
  "PUT /api/v1/sites/:id/annotations/:annotationId": { needs: "define", ok: 400 },
  "DELETE /api/v1/sites/:id/annotations/:annotationId": { needs: "define", ok: 404 },
  "POST /api/v1/sites/:id/annotations/:annotationId/comments": { needs: "define", ok: 404 },
  "DELETE /api/v1/sites/:id/annotations/:annotationId/comments/:commentId": { needs: "define", ok: 404 },
  "GET /api/v1/sites/:id/segments": { needs: "query", ok: 200 },
  "POST /api/v1/sites/:id/segments": { needs: "define", ok: 400 },
  "PUT /api/v1/sites/:id/segments/:segmentId": { needs: "define", ok: 404 },
  "DELETE /api/v1/sites/:id/segments/:segmentId": { needs: "define", ok: 404 },
  "POST /graphql": { needs: "known", ok: 200, body: () => ({ query: "{ sites { sites { id } } }" }) },
  "POST /api/v2/query": { needs: "query", ok: 200, body: ({ site }) => ({ site_id: site, ...QUESTION }) },
};

const routes = [
  ...new Set(app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`)),
].map((route) => route.replace(/(?<=.)\/$/, ""));

const proofs = new Map<Who, Record<string, string>>();
const home: Place = { site: "", team: "main" };
const foreign: Place = { site: "", team: "" };
const missing: Place = { site: "no-such-site", team: "no-such-team" };

async function keyWith(scope: string): Promise<Record<string, string>> {
  const path = `/api/v1/sites/${home.site}/keys`;
  const { key } = await ok<{ key: string }>("POST", path, { label: scope, scopes: [scope] });
  return { authorization: `Bearer ${key}` };
}

beforeAll(async () => {
  home.site = (await createSite()).id;
  proofs.set("nobody", {});
  proofs.set("operator", { authorization: `Bearer ${ADMIN_TOKEN}` });
  proofs.set("owner", (await claimOwner()).headers);
  for (const role of ["admin", "analyst", "viewer"] as const) proofs.set(role, (await join("main", role)).headers);
  proofs.set("custom", (await join("main", "custom", ["query", "members"])).headers);
  foreign.team = (await ok<{ id: string }>("POST", "/api/v1/teams", { name: "Others" })).id;
  foreign.site = (await ok<{ id: string }>("POST", "/api/v1/sites", { id: "theirs", team: foreign.team })).id;
  proofs.set("queryKey", await keyWith("query"));
  proofs.set("importKey", await keyWith("import"));
  const share = await ok<{ id: string }>("POST", `/api/v1/sites/${home.site}/shares`, { label: "all" });
  proofs.set("share", cookiesOf(await post(`/api/v1/shares/${share.id}`, {})));
});

function ask(route: string, who: Who, place: Place) {
  const [method = "", path = ""] = route.split(" ");
  const address = path.replace(":id", place.site).replace(":team", place.team).replace(/:\w+/g, "none-such");
  const body = DOORS[route]?.body?.(place) ?? {};
  return call<Problem>(method, address, {
    token: "",
    headers: proofs.get(who) ?? {},
    ...(method !== "GET" && { body }),
  });
}

const needsPlace = (needs: string): boolean => !["open", "known", "person", "self"].includes(needs);
/** A team named in the address or the body can be another's; a site too. */
const hasForeign = (route: string): boolean =>
  needsPlace(DOORS[route]?.needs ?? "open") &&
  !["deployment", "system"].includes(DOORS[route]?.needs ?? "") &&
  route !== "POST /api/v1/teams";

function atHome(who: Who, route: string): number {
  const { needs, ok: fine } = DOORS[route]!;
  if (needs === "open") return fine;
  if (who === "nobody") return 401;
  if (needs === "known") return fine;
  if (needs === "person") return who.endsWith("Key") ? 403 : fine;
  if (needs === "self") return PEOPLE.includes(who) && who !== "operator" ? fine : 403;
  if (HOLDS[who].split(" ").includes(needs)) return fine;
  // A key or a share link is of a site; teams are not there for it.
  const isOfTeam = OF_TEAMS.includes(needs) || route.includes(":team");
  return isOfTeam && !PEOPLE.includes(who) ? 404 : 403;
}

/** An answer without what differs from one to the next: its id, and the name that was asked for. */
function shapeOf(body: Problem, { site, team }: Place): string {
  const text = JSON.stringify({ ...body, requestId: "" });
  return text.replaceAll(`${site}`, "SITE").replaceAll(`${team}`, "TEAM");
}

describe("the doors", () => {
  it("have each a line in this table", () => {
    expect(Object.keys(DOORS).sort()).toEqual([...routes].sort());
  });

  it.each(Object.keys(DOORS))("%s opens at home to those who may", async (route) => {
    for (const who of EVERYBODY) {
      // Signing out would end the session that the next doors need.
      if (route === "DELETE /api/v1/session" && who !== "nobody") continue;
      const answer = await ask(route, who, home);
      const wanted = route === "POST /api/v1/teams" && atHome(who, route) === 404 ? 403 : atHome(who, route);
      expect([who, answer.status, answer.status === wanted ? "" : answer.body]).toEqual([who, wanted, ""]);
      if (answer.status === 404) expect(answer.body.detail).not.toContain("there is no site");
    }
  });

  it.each(Object.keys(DOORS).filter(hasForeign))(
    "%s answers for a foreign place as for a missing one",
    async (route) => {
      for (const who of EVERYBODY) {
        if (who === "operator") continue;
        const [theirs, none] = [await ask(route, who, foreign), await ask(route, who, missing)];
        const wanted = who === "nobody" ? 401 : 404;
        expect([who, theirs.status, none.status]).toEqual([who, wanted, wanted]);
        expect(shapeOf(theirs.body, foreign)).toBe(shapeOf(none.body, missing));
        expect([...theirs.headers.keys()]).toEqual([...none.headers.keys()]);
      }
    },
  );

  it("list sites and teams to those who see them alone", async () => {
    const seen = new Map<Who, unknown>();
    for (const who of EVERYBODY) {
      if (who === "nobody") continue;
      const headers = proofs.get(who) ?? {};
      const { body } = await call<{ sites: { id: string }[] }>("GET", "/api/v1/sites", { token: "", headers });
      const teams = await call<{ teams: { id: string }[] }>("GET", "/api/v1/teams", { token: "", headers });
      const ids = body.sites.map(({ id }) => id);
      seen.set(who, [ids.includes(home.site), ids.includes(foreign.site), teams.body.teams.length]);
    }
    expect(seen.get("operator")).toEqual([true, true, 2]);
    for (const who of ["owner", "admin", "analyst", "viewer", "custom"] as const) {
      expect([who, seen.get(who)]).toEqual([who, [true, false, 1]]);
    }
    for (const who of ["queryKey", "importKey", "share"] as const) {
      expect([who, seen.get(who)]).toEqual([who, [true, false, 0]]);
    }
  });
});
