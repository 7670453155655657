// A site's alert rules, channels and deliveries.
import type * as z from "zod";
import type { alertRuleReply, backTestReply, channelReply, deliveryReply } from "../../workers/api/alert-replies.ts";
import { type Reply, request } from "./api.ts";
import type { FormSchema } from "./form-schema.ts";
import { sitePath } from "./sites.ts";

export type AlertRule = z.infer<typeof alertRuleReply>;
export type AlertChannel = z.infer<typeof channelReply>;
export type AlertDelivery = z.infer<typeof deliveryReply>;

export interface AlertKind {
  kind: string;
  label: string;
  about: string;
  schema: FormSchema;
}

export type RuleTemplate = Omit<AlertRule, "id" | "version" | "createdAt">;

export interface AlertKinds {
  conditions: AlertKind[];
  channels: AlertKind[];
  watched_metrics: { name: string; label: string; about: string }[];
  split_dimensions: string[];
  templates: { label: string; rules: RuleTemplate[] }[];
}

export type BackTest = z.infer<typeof backTestReply>;

/** What a form makes; the API checks it. */
export type RuleFields = Record<string, unknown> & { name: string };

const at = (site: string, path: string): string => `${sitePath(site)}/${path}`;
const part = encodeURIComponent;

export const loadKinds = (): Promise<Reply<AlertKinds>> => request("/api/v1/alert-kinds");

export const loadRules = (site: string): Promise<Reply<{ rules: AlertRule[] }>> => request(at(site, "alert-rules"));
export const saveRule = (site: string, rule: RuleFields, id?: string): Promise<Reply<AlertRule>> =>
  id === undefined
    ? request(at(site, "alert-rules"), { method: "POST", send: rule })
    : request(at(site, `alert-rules/${part(id)}`), { method: "PUT", send: rule });
export const removeRule = (site: string, id: string): Promise<Reply<null>> =>
  request(at(site, `alert-rules/${part(id)}`), { method: "DELETE" });
export const tryRule = (site: string, rule: RuleFields): Promise<Reply<BackTest>> =>
  request(at(site, "alert-rules/back-test"), { method: "POST", send: rule });

export const loadChannels = (site: string): Promise<Reply<{ channels: AlertChannel[] }>> =>
  request(at(site, "alert-channels"));
export const makeChannel = (
  site: string,
  channel: { kind: string; label: string; config: Record<string, unknown> },
): Promise<Reply<AlertChannel>> => request(at(site, "alert-channels"), { method: "POST", send: channel });
export type ChannelSettings = AlertChannel & { settings: Record<string, unknown> };
export const loadChannel = (site: string, id: string): Promise<Reply<ChannelSettings>> =>
  request(at(site, `alert-channels/${part(id)}`));
/** What is left out, or an empty text among the settings, stays. */
export const changeChannel = (
  site: string,
  id: string,
  change: { label?: string; config?: Record<string, unknown>; enabled?: boolean },
): Promise<Reply<AlertChannel>> => request(at(site, `alert-channels/${part(id)}`), { method: "PATCH", send: change });
export const removeChannel = (site: string, id: string): Promise<Reply<null>> =>
  request(at(site, `alert-channels/${part(id)}`), { method: "DELETE" });
export const testChannel = (site: string, id: string): Promise<Reply<{ result: string; told: string }>> =>
  request(at(site, `alert-channels/${part(id)}/test`), { method: "POST", send: {} });

export const loadDeliveries = (site: string): Promise<Reply<{ deliveries: AlertDelivery[] }>> =>
  request(at(site, "alert-deliveries?limit=50"));
export const replayDelivery = (site: string, id: string): Promise<Reply<null>> =>
  request(at(site, `alert-deliveries/${part(id)}/replay`), { method: "POST", send: {} });
