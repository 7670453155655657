import { parse } from "csv-parse/sync";
import { type Event, PAGEVIEW } from "../../workers/domain/event.ts";
import { anEvent } from "./events.ts";
import { readFixture } from "./fixtures.ts";

const CSV = { columns: true, relax_quotes: true } as const;

/** Two lists as ClickHouse writes them: `['a','b']`. */
function propsOf(names: string, values: string): Record<string, string> | null {
  const list = (text: string) => [...text.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, value]) => value!);
  const found = list(values);
  const pairs = list(names).map((name, index) => [name, found[index] ?? ""] as const);
  return pairs.length > 0 ? Object.fromEntries(pairs) : null;
}

/** The real Plausible events; a visitor is who the file's own column says. */
export function plausibleEvents(visitor: "user_id" | "session_id" = "user_id"): Event[] {
  const rows: Record<string, string>[] = parse(readFixture("web/plausible_io_2024-03_events.csv.gz"), CSV);
  return rows.map((row, line) =>
    anEvent({
      id: String(line),
      name: row.name!,
      at: Date.parse(`${row.timestamp!.replace(" ", "T")}Z`),
      receivedAt: Date.UTC(2026, 0, 1),
      visitorId: row[visitor]!,
      hostname: row.hostname!,
      path: row.pathname!,
      referrer: row.referrer!,
      source: row.referrer_source!,
      utmSource: row.utm_source!,
      utmMedium: row.utm_medium!,
      utmCampaign: row.utm_campaign!,
      country: row.country_code!,
      region: row.subdivision1_code!,
      city: row.city_geoname_id!,
      utmContent: row.utm_content!,
      utmTerm: row.utm_term!,
      props: propsOf(row["meta.key"]!, row["meta.value"]!),
      browser: row.browser!,
      browserVersion: row.browser_version!,
      os: row.operating_system!,
      osVersion: row.operating_system_version!,
      device: row.screen_size!,
    }),
  );
}

const LINE = /^(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d+) \S+ "([^"]*)" "([^"]*)"$/;
const STATIC =
  /\.(css|js|png|jpe?g|gif|ico|svg|woff2?|ttf|eot|otf|map|mp4|webm|mp3|ogg|avi|mov|pdf|zip|gz|tgz|bz2|xz|rar|exe|dmg|rpm|deb|jar|xml|txt|rss|atom|json|swf)$/i;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `17/May/2015:10:05:03 +0000`, always UTC in this file. */
function logTime(text: string): number {
  const [day, month, year, hour, minute, second] = text.split(/[/: ]/);
  return Date.UTC(Number(year), MONTHS.indexOf(month!), Number(day), Number(hour), Number(minute), Number(second));
}

/** Page views of the real Apache log; a visitor is an address with a user agent. */
export function apachePageviews(): Event[] {
  const lines = readFixture("web/apache_semicomplete_2015-05.log.gz").toString("utf8").split("\n");
  return lines.flatMap((line, number) => {
    const [, ip, time, method, url, status, , agent] = LINE.exec(line) ?? [];
    if (!ip || method !== "GET" || !["200", "304"].includes(status!)) return [];
    const path = url!.split("?")[0]!;
    if (STATIC.test(path)) return [];
    const at = logTime(time!);
    return [anEvent({ id: String(number), name: PAGEVIEW, at, receivedAt: at, visitorId: `${ip} ${agent}`, path })];
  });
}
