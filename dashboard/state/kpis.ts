// The site's KPIs, the map from business goals to events, and its HEART sheets.
import type * as z from "zod";
import type { kpiReply, mappedReply, periodReply } from "../../workers/api/kpi-replies.ts";
import type { HEART_SIDES, HeartSheet, NewHeartSheet } from "../../workers/catalog/heart.ts";
import type { Kpi, KpiStatus } from "../../workers/catalog/kpi.ts";
import { type Reply, request } from "./api.ts";
import { sitePath } from "./sites.ts";

export type KpiPeriod = z.infer<typeof periodReply>;
export type StandingKpi = z.infer<typeof kpiReply> & { now: KpiPeriod; before: KpiPeriod };
export type BusinessGoal = z.infer<typeof mappedReply>;
export type HeartSide = (typeof HEART_SIDES)[number];

export type HeartLine = HeartSheet["lines"][number] & {
  value: number | null;
  before: number | null;
  status: KpiStatus | null;
};
export type ValuedSheet = Omit<HeartSheet, "lines"> & { lines: HeartLine[] };

const kpisPath = (siteId: string): string => `${sitePath(siteId)}/kpis`;
const sheetsPath = (siteId: string): string => `${sitePath(siteId)}/heart-sheets`;

export const loadKpis = (siteId: string): Promise<Reply<{ kpis: StandingKpi[] }>> => request(kpisPath(siteId));
export const loadGoalMap = (siteId: string): Promise<Reply<{ goals: BusinessGoal[] }>> =>
  request(`${kpisPath(siteId)}/map`);
export const loadHistory = (siteId: string, kpiId: string): Promise<Reply<Kpi & { history: KpiPeriod[] }>> =>
  request(`${kpisPath(siteId)}/${kpiId}?periods=12`);

/** What the form knows; the API fills in the rest. */
export type KpiFields = Pick<
  Kpi,
  "name" | "formula" | "unit" | "better" | "every" | "owner" | "businessGoal" | "targets"
>;

export const makeKpi = (siteId: string, kpi: KpiFields): Promise<Reply<Kpi>> =>
  request(kpisPath(siteId), { method: "POST", send: kpi });
export const removeKpi = (siteId: string, kpiId: string): Promise<Reply<null>> =>
  request(`${kpisPath(siteId)}/${kpiId}`, { method: "DELETE" });

export const loadSheets = (siteId: string): Promise<Reply<{ sheets: HeartSheet[] }>> => request(sheetsPath(siteId));
export const loadSheet = (siteId: string, sheetId: string, range: string): Promise<Reply<ValuedSheet>> =>
  request(`${sheetsPath(siteId)}/${sheetId}?date_range=${range}`);
export const makeSheet = (siteId: string, sheet: NewHeartSheet): Promise<Reply<HeartSheet>> =>
  request(sheetsPath(siteId), { method: "POST", send: sheet });
export const removeSheet = (siteId: string, sheetId: string): Promise<Reply<null>> =>
  request(`${sheetsPath(siteId)}/${sheetId}`, { method: "DELETE" });
