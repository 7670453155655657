// How good the site's data is, what is wrong with it, and the rules that its owner set.
import type * as z from "zod";
import type { qualityReply, ruleReply, sampleReply, verdictReply } from "../../workers/api/quality-schemas.ts";
import type { Aspect, QualityFault } from "../../workers/domain/quality.ts";
import type { FormSchema } from "../ui/schema-form.tsx";
import { type Reply, request } from "./api.ts";
import { loadDocument } from "./api-document.ts";
import type { SitePage } from "./site-pages.ts";
import { sitePath } from "./sites.ts";

export type Quality = z.infer<typeof qualityReply>;
export type Finding = Quality["findings"][number];
export type KeptRule = z.infer<typeof ruleReply>;
export type Verdict = z.infer<typeof verdictReply>;
export interface Tried {
  verdict: Verdict;
  sample: z.infer<typeof sampleReply> | null;
}

const rulesPath = (siteId: string, rest = ""): string => `${sitePath(siteId)}/quality-rules${rest}`;

/** Of one event's name, or of the whole site. */
export const loadQuality = (siteId: string, event = ""): Promise<Reply<Quality>> =>
  request(`${sitePath(siteId)}/quality?${new URLSearchParams({ days: "30", ...(event && { event }) })}`);
export const loadRules = (siteId: string): Promise<Reply<{ rules: KeptRule[] }>> => request(rulesPath(siteId));
export const makeRule = (siteId: string, send: unknown): Promise<Reply<KeptRule>> =>
  request(rulesPath(siteId), { method: "POST", send });
export const changeRule = (siteId: string, { id, version }: KeptRule, send: unknown): Promise<Reply<KeptRule>> =>
  request(rulesPath(siteId, `/${id}`), { method: "PUT", send, version });
export const removeRule = (siteId: string, id: string): Promise<Reply<null>> =>
  request(rulesPath(siteId, `/${id}`), { method: "DELETE" });
export const tryRule = (siteId: string, send: unknown): Promise<Reply<Tried>> =>
  request(rulesPath(siteId, "/try"), { method: "POST", send });

/** The schema by which the API checks a rule, from its own document. */
export async function loadRuleSchema(): Promise<Reply<FormSchema>> {
  const reply = await loadDocument();
  if (!reply.ok) return reply;
  const { paths } = reply.value;
  const made = paths["/api/v1/sites/{id}/quality-rules"]?.post?.requestBody?.content["application/json"]?.schema;
  return { ok: true, value: (made ?? {}) as FormSchema }; // a schema of the API's document
}

export const ASPECT_LABELS: Readonly<Record<Aspect, string>> = {
  validity: "Validity",
  completeness: "Completeness",
  uniqueness: "Uniqueness",
  timeliness: "Timeliness",
  consistency: "Consistency",
};

/** Where the site's owner sees more of it. */
export const SEEN_AT: Readonly<Partial<Record<QualityFault, { page: SitePage; text: string }>>> = {
  volume_drop: { page: "overview", text: "See pages and sources" },
  gap: { page: "overview", text: "See the hours" },
  incomplete: { page: "overview", text: "See the hours" },
  type_drift: { page: "tracking-plan", text: "Plan the property" },
  wrong_values: { page: "tracking-plan", text: "Plan what is allowed" },
  too_many_values: { page: "features", text: "See the values" },
  duplicates: { page: "start", text: "Check the snippet" },
  late_events: { page: "sessions", text: "See sessions" },
};
