// The pages of a site, in the order and groups of the navigation.
import type { IconName } from "./icon-paths.ts";

export interface SitePageText {
  label: string;
  icon: IconName;
  /** Null keeps it out of the navigation. */
  group: "watch" | "analyse" | "share" | "settle" | null;
}

export const SITE_PAGES = {
  live: { label: "Live", icon: "pulse", group: "watch" },
  overview: { label: "Overview", icon: "home", group: "watch" },
  explore: { label: "Explore", icon: "compass", group: "analyse" },
  funnels: { label: "Funnels", icon: "funnel", group: "analyse" },
  paths: { label: "Paths", icon: "branch", group: "analyse" },
  retention: { label: "Retention", icon: "return", group: "analyse" },
  features: { label: "Features", icon: "spark", group: "analyse" },
  sessions: { label: "Sessions", icon: "list", group: "analyse" },
  boards: { label: "Boards", icon: "board", group: "share" },
  executive: { label: "Executive", icon: "target", group: "share" },
  reports: { label: "Reports", icon: "mail", group: "share" },
  alerts: { label: "Alerts", icon: "bell", group: "watch" },
  audit: { label: "Audit trail", icon: "note", group: "settle" },
  "tracking-plan": { label: "Tracking plan", icon: "check", group: "settle" },
  filtered: { label: "Filtered", icon: "filter", group: "settle" },
  quality: { label: "Data quality", icon: "star", group: "settle" },
  privacy: { label: "Privacy", icon: "shield", group: "settle" },
  settings: { label: "Settings", icon: "gear", group: "settle" },
  reconciliation: { label: "Reconciliation", icon: "table", group: null },
  start: { label: "First run", icon: "plus", group: null },
} as const satisfies Record<string, SitePageText>;

export type SitePage = keyof typeof SITE_PAGES;

export const isSitePage = (name: string): name is SitePage => Object.hasOwn(SITE_PAGES, name);

export const sitePages: readonly SitePage[] = Object.keys(SITE_PAGES).filter(isSitePage);

/** Those that a digit opens. */
export const NUMBERED: readonly SitePage[] = sitePages.filter((page) => SITE_PAGES[page].group !== null).slice(0, 9);
