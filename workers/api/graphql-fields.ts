// What can be asked and changed by GraphQL: each field names the door that answers it, whose schemas are its types.
import type * as z from "zod";
import { querySchema } from "../domain/query.ts";
import { analysisQuerySchema } from "../domain/question.ts";
import { analysisResult, queryResult } from "./query-schemas.ts";

export interface FieldDoor {
  /** `GET /api/v1/sites/:id/goals`; `:id` is the site, other names of the path are arguments. */
  door: string;
  /** Of a door that answers several kinds of question, the kind that this field asks. */
  body?: z.ZodType;
  reply?: z.ZodType;
}

type Fields = Readonly<Record<string, FieldDoor>>;

const ofSite = (method: string, path: string): FieldDoor => ({ door: `${method} /api/v1/sites/:id${path}` });

export const ROOT_FIELDS: Fields = {
  sites: { door: "GET /api/v1/sites" },
  catalog: { door: "GET /api/v1/catalog" },
};

/** Below `site(id)`. */
export const SITE_FIELDS: Fields = {
  settings: ofSite("GET", ""),
  status: ofSite("GET", "/status"),
  query: { door: "POST /api/v2/query", body: querySchema, reply: queryResult },
  analysis: { door: "POST /api/v2/query", body: analysisQuerySchema, reply: analysisResult },
  overview: ofSite("GET", "/overview"),
  usage: ofSite("GET", "/usage"),
  agents: ofSite("GET", "/agents"),
  topAgents: ofSite("GET", "/top-agents"),
  agent: ofSite("GET", "/agents/:agentId"),
  conversations: ofSite("GET", "/conversations"),
  goals: ofSite("GET", "/goals"),
  goal: ofSite("GET", "/goals/:goalId"),
  segments: ofSite("GET", "/segments"),
  metrics: ofSite("GET", "/metrics"),
  metric: ofSite("GET", "/metrics/:name"),
  kpis: ofSite("GET", "/kpis"),
  kpi: ofSite("GET", "/kpis/:kpiId"),
  kpiMap: ofSite("GET", "/kpis/map"),
  heartSheets: ofSite("GET", "/heart-sheets"),
  heartSheet: ofSite("GET", "/heart-sheets/:sheetId"),
};

/** Each with the argument `site`. */
export const CHANGES: Fields = {
  makeGoal: ofSite("POST", "/goals"),
  changeGoal: ofSite("PUT", "/goals/:goalId"),
  removeGoal: ofSite("DELETE", "/goals/:goalId"),
  makeSegment: ofSite("POST", "/segments"),
  changeSegment: ofSite("PUT", "/segments/:segmentId"),
  removeSegment: ofSite("DELETE", "/segments/:segmentId"),
  makeMetric: ofSite("POST", "/metrics"),
  changeMetric: ofSite("PUT", "/metrics/:name"),
  archiveMetric: ofSite("DELETE", "/metrics/:name"),
  makeKpi: ofSite("POST", "/kpis"),
  changeKpi: ofSite("PUT", "/kpis/:kpiId"),
  removeKpi: ofSite("DELETE", "/kpis/:kpiId"),
  makeHeartSheet: ofSite("POST", "/heart-sheets"),
  changeHeartSheet: ofSite("PUT", "/heart-sheets/:sheetId"),
  removeHeartSheet: ofSite("DELETE", "/heart-sheets/:sheetId"),
};
