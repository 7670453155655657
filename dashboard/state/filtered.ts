// What was filtered on its way in, as a chart takes it, and what can be done about each reason. Pure but for the request.
import type { Filtered } from "../../workers/api/answers.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type Reply, request } from "./api.ts";
import type { Content } from "./content.ts";
import type { Days } from "./periods.ts";
import type { SitePage } from "./site-pages.ts";
import { changeSite, sitePath } from "./sites.ts";

export type Sample = Filtered["samples"][number];

/** Short names of the reasons; the server says in a sentence what each means. */
const LABELS: Readonly<Record<string, string>> = {
  invalid: "Malformed",
  bot: "Bots",
  do_not_track: "Do Not Track",
  hostname: "Other hosts",
  excluded: "Excluded pages",
  too_old: "Too old",
  in_future: "In the future",
  limited: "Over the limit",
  quarantine_full: "Quarantine full",
  no_consent: "No consent",
  no_answer: "No answer yet",
  withdrawn: "Consent withdrawn",
  plan: "Tracking plan",
};

export const labelOf = (reason: string): string => LABELS[reason] ?? reason;

interface Remedy {
  page: SitePage;
  text: string;
}

const REMEDIES: Readonly<Record<string, Remedy>> = {
  hostname: { page: "settings", text: "Allowed hosts" },
  excluded: { page: "settings", text: "Excluded pages" },
  do_not_track: { page: "settings", text: "Do Not Track" },
  no_consent: { page: "privacy", text: "Consent" },
  no_answer: { page: "privacy", text: "Consent" },
  plan: { page: "tracking-plan", text: "Look at and replay" },
  quarantine_full: { page: "tracking-plan", text: "Tracking plan" },
};

/** Where a reason is set, if anywhere. */
export const remedyOf = (reason: string): Remedy | null => REMEDIES[reason] ?? null;

export const loadFiltered = (siteId: string, [from, to]: Days): Promise<Reply<Filtered>> =>
  request(`${sitePath(siteId)}/filtered?${new URLSearchParams({ from, to })}`);

const METRIC = { name: "filtered", label: "Filtered", about: "", unit: "count", better: "neither" } as const;

/** Days by reason. */
export function daysContent({ days, reasons }: Filtered): Content {
  return {
    shape: "timeseries",
    figures: {
      dimensions: ["time:day", "reason"],
      metrics: [METRIC],
      rows: reasons.flatMap(({ reason }) =>
        days.map(({ date, counts }) => ({
          dimensions: [date, labelOf(reason)],
          values: [counts[reason] ?? 0],
          before: null,
          change: [],
        })),
      ),
      grain: "day",
      buckets: days.map(({ date }) => date),
    },
  };
}

export interface Undoing {
  text: string;
  undo: () => Promise<Reply<Site>>;
}

/** What a click can do, so that such events count from now on; null where nothing can or need be done. */
export function undoingOf({ reason, detail }: Sample, site: Site): Undoing | null {
  if (reason === "hostname" && !site.hostnames.includes(detail)) {
    return {
      text: "Allow this host",
      undo: () => changeSite(site.id, { hostnames: [...site.hostnames, detail] }),
    };
  }
  if (reason === "excluded" && site.excludedPaths.includes(detail)) {
    return {
      text: "Count these pages",
      undo: () => changeSite(site.id, { excludedPaths: site.excludedPaths.filter((path) => path !== detail) }),
    };
  }
  if (reason === "spam" && site.excludedReferrers.includes(detail)) {
    const left = site.excludedReferrers.filter((host) => host !== detail);
    return { text: "Count visits from there", undo: () => changeSite(site.id, { excludedReferrers: left }) };
  }
  return null;
}
