// A small traffic of which every figure is known, told in days before today so that it lies in the dashboard's periods.

import type { SentEvent, TestApi } from "./api.ts";

const DAY_MS = 86_400_000;

const DEVICES = {
  ana: {
    country: "DE",
    browser: "Chrome",
    os: "Windows",
    device: "Desktop",
    source: "Google",
    channel: "Organic Search",
  },
  ben: { country: "FR", browser: "Firefox", os: "macOS", device: "Desktop" },
  cleo: { country: "US", browser: "Safari", os: "iOS", device: "Mobile", source: "Hacker News", channel: "Social" },
  dora: { country: "DE", browser: "Chrome", os: "Android", device: "Mobile" },
  emil: { country: "DE", browser: "Chrome", os: "Windows", device: "Desktop" },
} as const;

type Visitor = keyof typeof DEVICES;

/** Days before today, time of day in minutes, visitor, path, and the event's name where it is not a page view. */
type Line = [daysAgo: number, minute: number, visitor: Visitor, path: string, name?: string];

// The last 28 days: 5 visitors, 6 visits of which 4 saw one page, 9 page views, 1 sign-up.
// The 28 days before: 2 visitors, 2 visits of one page each, 2 page views.
const LINES: readonly Line[] = [
  [1, 600, "ana", "/"],
  [1, 602, "ana", "/pricing"],
  [1, 606, "ana", "/signup"],
  [1, 606, "ana", "/signup", "signup"],
  [1, 660, "ben", "/"],
  [2, 700, "cleo", "/blog/a-long-story-about-the-many-ways-in-which-a-page-may-be-called"],
  [2, 720, "dora", "/pricing"],
  [2, 722, "dora", "/"],
  [3, 600, "ana", "/"],
  [10, 600, "emil", "/"],
  [31, 600, "ben", "/"],
  [33, 600, "cleo", "/"],
];

/** Brings the traffic into a site that exists, whose days begin at midnight UTC. */
export async function importKnownTraffic(api: TestApi, siteId: string, now = Date.now()): Promise<void> {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const events = LINES.map(([daysAgo, minute, visitor, path, name = "pageview"], line): SentEvent => {
    const at = today - daysAgo * DAY_MS + minute * 60_000;
    return { line, at, visitor, name, url: `https://${siteId}${path}`, ...DEVICES[visitor] };
  });
  await importAll(api, siteId, { id: "known-traffic", events });
}

async function importAll(
  api: TestApi,
  siteId: string,
  { id, events }: { id: string; events: SentEvent[] },
): Promise<void> {
  const reply = await api.importLines(siteId, { id, label: id, visitors: "given", bots: "keep" }, events);
  if (reply.accepted !== events.length) throw new Error(`${id} was refused: ${JSON.stringify(reply)}`);
  await api.finishImport(siteId, id);
}

/** Three visitors of an app. Export: viewed by two, used twice by one of them. Share: used once by two. */
export async function importKnownFeatures(api: TestApi, siteId: string, now = Date.now()): Promise<void> {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const uses: [minute: number, visitor: Visitor, name: string, feature: string][] = [
    [600, "ana", "feature_viewed", "export"],
    [601, "ana", "feature_used", "export"],
    [602, "ana", "feature_used", "export"],
    [610, "ben", "feature_viewed", "export"],
    [611, "ben", "feature_used", "share"],
    [620, "cleo", "feature_used", "share"],
  ];
  const events = uses.map(([minute, visitor, name, feature], line): SentEvent => {
    const at = today - DAY_MS + minute * 60_000;
    return { line, at, visitor, name, url: `https://${siteId}/app`, props: { feature }, ...DEVICES[visitor] };
  });
  await importAll(api, siteId, { id: "known-features", events });
}
