// Where metrics are sent, of a site or of the system.
import type * as z from "zod";
import type { targetReply } from "../../workers/api/metric-target-replies.ts";
import type { AlertKind } from "./alerts.ts";
import { type Reply, request } from "./api.ts";
import { sitePath } from "./sites.ts";

export type MetricTarget = z.infer<typeof targetReply>;
export type TargetKind = AlertKind;

export interface NewTarget {
  kind: string;
  label: string;
  config: Record<string, unknown>;
  everyMinutes: number;
  metrics?: string[];
}

/** Whose metrics: a site's, or null for the system's. */
export type Measured = string | null;

const pathOf = (of: Measured): string =>
  of === null ? "/api/v1/system/metric-targets" : `${sitePath(of)}/metric-targets`;
const at = (of: Measured, id: string): string => `${pathOf(of)}/${encodeURIComponent(id)}`;

export const loadTargetKinds = (): Promise<Reply<{ targets: TargetKind[] }>> => request("/api/v1/metric-target-kinds");
export const loadTargets = (of: Measured): Promise<Reply<{ targets: MetricTarget[] }>> => request(pathOf(of));
export const makeTarget = (of: Measured, target: NewTarget): Promise<Reply<MetricTarget>> =>
  request(pathOf(of), { method: "POST", send: target });
export const testTarget = (of: Measured, id: string): Promise<Reply<{ result: string; told: string }>> =>
  request(`${at(of, id)}/test`, { method: "POST", send: {} });
export const removeTarget = (of: Measured, id: string): Promise<Reply<null>> =>
  request(at(of, id), { method: "DELETE" });

/** Where Prometheus scrapes, below the deployment's own address. */
export const scrapePath = (of: Measured): string => (of === null ? "/metrics" : `${sitePath(of)}/prometheus`);
