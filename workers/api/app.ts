import { Hono } from "hono";
import type { RouterRoute } from "hono/types";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { alertChannels } from "./alert-channels.ts";
import { alertDeliveries } from "./alert-deliveries.ts";
import { alertKinds } from "./alert-kinds.ts";
import { alertCharts, alertLinks } from "./alert-links.ts";
import { alertMaintenance } from "./alert-maintenance.ts";
import { alertRules } from "./alert-rules.ts";
import { annotations } from "./annotations.ts";
import { anomalies } from "./anomalies.ts";
import { archive } from "./archive.ts";
import { siteAudit, teamAudit } from "./audit.ts";
import { auditTrail } from "./audit-trail.ts";
import { backups } from "./backups.ts";
import { benchmarks } from "./benchmarks.ts";
import { boards } from "./boards.ts";
import { catalog } from "./catalog.ts";
import { claim } from "./claim.ts";
import { consent } from "./consent.ts";
import { entityTags } from "./entity-tags.ts";
import { escalationPolicies } from "./escalation-policies.ts";
import { filtered } from "./filtered.ts";
import { funnels } from "./funnels.ts";
import { goals } from "./goals.ts";
import { graphql } from "./graphql.ts";
import { apiHeaders } from "./headers.ts";
import { health } from "./health.ts";
import { heartSheets } from "./heart-sheets.ts";
import { histories } from "./histories.ts";
import { idempotent } from "./idempotent.ts";
import { imports } from "./imports.ts";
import { incidents } from "./incidents.ts";
import { insights } from "./insights.ts";
import { invitations } from "./invitations.ts";
import { keys } from "./keys.ts";
import { kpis } from "./kpis.ts";
import { linkSession } from "./link-session.ts";
import { live } from "./live.ts";
import { me } from "./me.ts";
import { metricTargetKinds, metricTargets, systemMetricTargets } from "./metric-targets.ts";
import { metrics } from "./metrics.ts";
import { onCall } from "./on-call.ts";
import { openApi } from "./openapi.ts";
import { passkeySession } from "./passkeys.ts";
import { passwordReset } from "./password-reset.ts";
import { pii } from "./pii.ts";
import { planReports } from "./plan-reports.ts";
import { privacy } from "./privacy.ts";
import { problemResponse } from "./problem.ts";
import { product } from "./product.ts";
import { prometheus, systemPrometheus } from "./prometheus.ts";
import { quality } from "./quality.ts";
import { qualityRules } from "./quality-rules.ts";
import { quarantine } from "./quarantine.ts";
import { query } from "./query.ts";
import { rates } from "./rates.ts";
import { rawEventsFile } from "./raw-events.ts";
import { reconciliation } from "./reconciliation.ts";
import { reportDeliveries } from "./report-deliveries.ts";
import { reportDocuments } from "./report-documents.ts";
import { reportOpens, reportUnsubscribes } from "./report-links.ts";
import { reportSchedules } from "./report-schedules.ts";
import { reportTemplates } from "./report-templates.ts";
import { reports } from "./reports.ts";
import { restores } from "./restores.ts";
import { retention } from "./retention.ts";
import { script } from "./script.ts";
import { segments } from "./segments.ts";
import { session } from "./session.ts";
import { sharedReports } from "./shared-reports.ts";
import { shares, siteShares } from "./shares.ts";
import { sites } from "./sites.ts";
import { system } from "./system.ts";
import { teams } from "./teams.ts";
import { planSchemaFile, trackingPlan } from "./tracking-plan.ts";
import { recordUsage, siteUsage, usage } from "./usage.ts";
import { userConsent } from "./user-consent.ts";

/** Every door but collect's, which does without a router. Each asks access.ts who may. */
export const app: Hono<{ Bindings: Env }> = new Hono<{ Bindings: Env }>()
  .use("/api/*", apiHeaders, recordUsage, entityTags, idempotent, auditTrail)
  .use("/graphql", apiHeaders, recordUsage)
  .route("/health", health)
  .route("/metrics", systemPrometheus)
  .route("/js", script)
  .route("/r", reportOpens)
  .route("/unsubscribe", reportUnsubscribes)
  .route("/api/consent", consent)
  .route("/api/v1/catalog", catalog)
  .route("/api/v1/tracking-plan.schema.json", planSchemaFile)
  .route("/api/v1/alert-kinds", alertKinds)
  .route("/api/v1/metric-target-kinds", metricTargetKinds)
  .route("/api/v1/alert-links", alertLinks)
  .route("/api/v1/alert-charts", alertCharts)
  .route("/api/v1/session/passkey", passkeySession)
  .route("/api/v1/session/link", linkSession)
  .route("/api/v1/session", session)
  .route("/api/v1/me", me)
  .route("/api/v1/claim", claim)
  .route("/api/v1/password-reset", passwordReset)
  .route("/api/v1/invitations", invitations)
  .route("/api/v1/teams", teams)
  .route("/api/v1/teams", teamAudit)
  .route("/api/v1/shares", shares)
  .route("/api/v1/shares", sharedReports)
  .route("/api/v1/api-usage", usage)
  .route("/api/v1/system", system)
  .route("/api/v1/system/metric-targets", systemMetricTargets)
  .route("/api/v1/backups", backups)
  .route("/api/v1/restores", restores)
  .route("/api/v1/sites", imports)
  .route("/api/v1/sites", histories)
  .route("/api/v1/sites", reconciliation)
  .route("/api/v1/sites", live)
  .route("/api/v1/sites", metrics)
  .route("/api/v1/sites", prometheus)
  .route("/api/v1/sites", rates)
  .route("/api/v1/sites", keys)
  .route("/api/v1/sites", siteShares)
  .route("/api/v1/sites", siteUsage)
  .route("/api/v1/sites", rawEventsFile)
  .route("/api/v1/sites", siteAudit)
  .route("/api/v1/sites", product)
  .route("/api/v1/sites", kpis)
  .route("/api/v1/sites", anomalies)
  .route("/api/v1/sites", insights)
  .route("/api/v1/sites", heartSheets)
  .route("/api/v1/sites", boards)
  .route("/api/v1/sites", reportDocuments)
  .route("/api/v1/sites", reports)
  .route("/api/v1/sites", reportTemplates)
  .route("/api/v1/sites", benchmarks)
  .route("/api/v1/sites", funnels)
  .route("/api/v1/sites", annotations)
  .route("/api/v1/sites", retention)
  .route("/api/v1/sites", archive)
  .route("/api/v1/sites", privacy)
  .route("/api/v1/sites", alertRules)
  .route("/api/v1/sites", alertChannels)
  .route("/api/v1/sites", metricTargets)
  .route("/api/v1/sites", alertDeliveries)
  .route("/api/v1/sites", alertMaintenance)
  .route("/api/v1/sites", incidents)
  .route("/api/v1/sites", onCall)
  .route("/api/v1/sites", escalationPolicies)
  .route("/api/v1/sites", reportSchedules)
  .route("/api/v1/sites", reportDeliveries)
  .route("/api/v1/sites", goals)
  .route("/api/v1/sites", trackingPlan)
  .route("/api/v1/sites", planReports)
  .route("/api/v1/sites", quality)
  .route("/api/v1/sites", qualityRules)
  .route("/api/v1/sites", quarantine)
  .route("/api/v1/sites", filtered)
  .route("/api/v1/sites", pii)
  .route("/api/v1/sites", segments)
  .route("/api/v1/sites", userConsent)
  .route("/api/v1/sites", sites)
  .route("/api/v2/query", query)
  .route(
    "/api/v1/openapi.json",
    openApi((): RouterRoute[] => app.routes),
  )
  .route(
    "/graphql",
    graphql(() => app),
  )
  .on("ALL", ["/api/*", "/graphql"], (c) => {
    throw new AppError("not_found", `there is nothing at ${c.req.method} ${c.req.path}`);
  })
  .onError((error) => problemResponse(error))
  .notFound((c) => {
    const asksForPage = c.req.method === "GET" || c.req.method === "HEAD";
    if (c.env.ASSETS && asksForPage) return c.env.ASSETS.fetch(c.req.raw);
    return problemResponse(new AppError("not_found", `there is nothing at ${c.req.method} ${c.req.path}`));
  });
