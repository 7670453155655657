// Funnels that the site keeps under names.
import type { Funnel } from "../../workers/domain/funnel.ts";
import type { Matcher } from "../../workers/domain/question.ts";
import { type Reply, request } from "./api.ts";
import { matcherOf, type SimpleMatcher } from "./matcher-text.ts";
import { type FunnelView, WINDOWS } from "./sequence-views.ts";
import { sitePath } from "./sites.ts";

const pathOf = (siteId: string): string => `${sitePath(siteId)}/funnels`;

export const loadFunnels = (siteId: string): Promise<Reply<{ funnels: Funnel[] }>> => request(pathOf(siteId));

export function saveFunnel(siteId: string, name: string, view: FunnelView): Promise<Reply<Funnel>> {
  const { steps, window, by, breakdown } = view;
  const send = {
    name,
    steps: steps.map(matcherOf),
    by,
    ...(window === "" ? {} : { window: window === "session" ? window : Number(window) }),
    ...(breakdown === "" ? {} : { breakdown }),
  };
  return request(pathOf(siteId), { method: "POST", send });
}

export const removeFunnel = (siteId: string, id: string): Promise<Reply<null>> =>
  request(`${pathOf(siteId)}/${encodeURIComponent(id)}`, { method: "DELETE" });

function simple({ page, event, goal, filter }: Matcher): SimpleMatcher | null {
  if (filter) return null;
  if (goal !== undefined && page === undefined && event === undefined) return { kind: "goal", value: goal };
  if (page !== undefined && event === undefined) return { kind: "page", value: page };
  return event !== undefined && page === undefined ? { kind: "event", value: event } : null;
}

/** As the page builds it; null of one made by the API with steps that the page cannot show. */
export function viewOf({ steps, window, by, strict, breakdown = "" }: Funnel): FunnelView | null {
  const known = steps.map(simple);
  const shown = WINDOWS.find((one) => one === String(window ?? ""));
  if (strict || shown === undefined || known.includes(null)) return null;
  return { steps: known.filter((step) => step !== null), window: shown, by, breakdown };
}
