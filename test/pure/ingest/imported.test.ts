import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { EVENT_FIELDS } from "../../../workers/domain/event.ts";
import { type ImportFacts, ingestImported } from "../../../workers/ingest/imported.ts";
import { fixturesDir, readFixture, readJsonFixture } from "../../support/fixtures.ts";
import { aSite, CHROME, NOON, secret, someImportFacts } from "./facts.ts";

const AT = Date.UTC(2015, 4, 17, 10, 5);

function aLine(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    line: 0,
    name: "pageview",
    url: "https://shop.example.com/",
    at: AT,
    visitor: "83.149.9.216 Mozilla",
    ...changes,
  };
}

function imported(changes: Record<string, unknown> = {}, facts: Partial<ImportFacts> = {}) {
  const result = ingestImported(aLine(changes), someImportFacts(facts));
  if ("reason" in result) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result;
}

describe("a line of history", () => {
  it("becomes an event at its own time, known by import and line", () => {
    const { event, line } = imported({ line: 41 });
    expect(line).toBe(41);
    expect(event).toMatchObject({
      id: "history-1:41",
      at: AT,
      receivedAt: NOON,
      hostname: "shop.example.com",
      path: "/",
    });
    expect(Object.keys(event)).toEqual([...EVENT_FIELDS]);
  });

  it("derives what it does not state", () => {
    const { event } = imported({ userAgent: CHROME, referrer: "https://duckduckgo.com/", language: "en-GB,en" });
    expect(event).toMatchObject({
      browser: "Chrome",
      os: "Windows",
      device: "Desktop",
      source: "DuckDuckGo",
      channel: "Organic Search",
      language: "en-GB",
      country: "",
    });
  });

  it("states more than can be derived, and an empty column states nothing", () => {
    const stated = {
      browser: "Opera GX",
      os: "Ubuntu",
      device: "Mobile",
      source: "Gmail",
      country: "fr",
      region: "FR-20R",
      city: "Ajaccio",
      utm: { campaign: "autumn", medium: "" },
    };
    const url = "https://shop.example.com/?utm_campaign=summer&utm_medium=cpc";
    const { event } = imported({
      ...stated,
      url,
      userAgent: CHROME,
      browserVersion: "",
      referrer: "https://bing.com/",
    });
    expect(event).toMatchObject({
      browser: "Opera GX",
      browserVersion: "131.0",
      os: "Ubuntu",
      device: "Mobile",
      source: "Gmail",
      channel: "Paid Other",
      referrer: "bing.com",
      country: "FR",
      region: "FR-20R",
      city: "Ajaccio",
      utmCampaign: "autumn",
      utmMedium: "cpc",
    });
    expect(imported({ source: "Google", channel: "My channel" }).event.channel).toBe("My channel");
  });

  it.each([
    ["a time before the Web", { at: 1_431_857_100 }, { reason: "too_old" }],
    ["a time to come", { at: NOON + 5 * 60_000 + 1 }, { reason: "in_future" }],
    ["a refused consent", { consent: { analytics: false } }, { reason: "no_consent" }],
    ["a bot", { userAgent: "Googlebot/2.1" }, { reason: "bot" }],
    ["no visitor", { visitor: "" }, { reason: "invalid", errors: [{ path: "visitor" }] }],
    ["no line", { line: -1 }, { reason: "invalid", errors: [{ path: "line" }] }],
    ["an address without host", { url: "/a" }, { reason: "invalid", errors: [{ path: "url" }] }],
    ["no object", null, { reason: "invalid", errors: [{ path: "event" }] }],
  ] as const)("is refused with a reason: %s", (_about, changes, refusal) => {
    const line = changes === null ? null : aLine(changes);
    expect(ingestImported(line, someImportFacts())).toMatchObject(refusal);
  });

  it("keeps bots by option, and asks only where a user agent is given", () => {
    expect(imported({ userAgent: "Googlebot/2.1" }, { bots: "keep" }).event.browser).toBe("");
    expect(imported().event.name).toBe("pageview");
    expect(ingestImported(aLine({ userAgent: "" }), someImportFacts())).toEqual({ reason: "bot" });
  });
});

describe("a visitor of history", () => {
  const day = 24 * 3600_000;
  const id = (changes: Record<string, unknown>, facts: Partial<ImportFacts> = {}) =>
    imported(changes, facts).event.visitorId;

  it("given, is one for the whole file and marked as lasting", () => {
    expect(id({ at: AT })).toBe(id({ at: AT + 3 * day }));
    expect(id({ visitor: "another" })).not.toBe(id({}));
    expect(imported().event.persistentId).toBe(id({}));
    expect(id({})).toMatch(/^[0-9a-f]{16}$/);
  });

  it("daily, is another each local day whatever the order, and never marked as lasting", () => {
    const site = aSite({ timeZone: "America/New_York" });
    const daily = { visitors: "daily", site } as const;
    const evening = Date.UTC(2015, 4, 18, 3, 59);
    const late = id({ at: evening + 60_000 }, daily);
    expect(id({ at: AT }, daily)).toBe(id({ at: Date.UTC(2015, 4, 17, 12) }, daily));
    expect(id({ at: evening }, daily)).toBe(id({ at: Date.UTC(2015, 4, 17, 12) }, daily));
    expect(late).not.toBe(id({ at: evening }, daily));
    expect(imported({}, daily).event.persistentId).toBe("");
  });

  it("cannot be matched with another import's, nor another site's", () => {
    expect(id({}, { secret: secret(10) })).not.toBe(id({}));
    expect(JSON.stringify(imported().event)).not.toContain("83.149.9.216");
  });

  it("is identified only with consent", () => {
    expect(imported({ userId: "u" }).event.userId).toBe("");
    expect(imported({ userId: "u", consent: { analytics: true } }).event.userId).toMatch(/^[0-9a-f]{16}$/);
  });
});

interface PlausibleAnswers {
  totals: { pageviews: number; visitors: number };
}

describe.skipIf(!fixturesDir)("real files", () => {
  it("keep their visitors: Plausible's own ids, whole and by day", () => {
    const rows: Record<string, string>[] = parse(readFixture("web/plausible_io_2024-03_events.csv.gz"), {
      columns: true,
    });
    const { totals } = readJsonFixture<PlausibleAnswers>("web/plausible_io_2024-03_answers.json");
    const events = (visitors: ImportFacts["visitors"]) =>
      rows.map((row, line) => {
        const at = `${row.timestamp?.replace(" ", "T")}Z`;
        const url = `https://${row.hostname}${row.pathname}`;
        const stated = { line, name: row.name, url, at, visitor: row.user_id, source: row.referrer_source };
        return imported(stated, { visitors }).event;
      });
    const given = events("given");
    expect(given.filter((event) => event.name === "pageview")).toHaveLength(totals.pageviews);
    expect(new Set(given.map((event) => event.visitorId)).size).toBe(totals.visitors);
    expect(new Set(events("daily").map((event) => event.visitorId)).size).toBe(758);
    expect(given.map((event) => event.path)).toEqual(rows.map((row) => row.pathname));
  });

  it("keep every page view and visitor of a real access log", () => {
    const format = /^(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d+) \S+ "[^"]*" "([^"]*)"$/;
    const asset =
      /\.(css|js|png|jpe?g|gif|ico|svg|woff2?|ttf|eot|otf|map|mp4|webm|mp3|ogg|avi|mov|pdf|zip|gz|tgz|bz2|xz|rar|exe|dmg|rpm|deb|jar|xml|txt|rss|atom|json|swf)$/i;
    const views = (visitors: ImportFacts["visitors"]) =>
      readFixture("web/apache_semicomplete_2015-05.log.gz")
        .toString("utf8")
        .split("\n")
        .flatMap((text, line) => {
          const [, ip, time = "", method, target = "", status, userAgent] = format.exec(text) ?? [];
          const [path = ""] = target.split("?");
          if (method !== "GET" || (status !== "200" && status !== "304") || asset.test(path)) return [];
          const at = Date.parse(time.replaceAll("/", " ").replace(":", " "));
          const url = `http://semicomplete.com${target}`;
          return [
            imported({ line, at, url, visitor: `${ip} ${userAgent}`, userAgent }, { visitors, bots: "keep" }).event,
          ];
        });
    const given = views("given");
    expect(given).toHaveLength(3904);
    expect(new Set(given.map((event) => event.visitorId)).size).toBe(1263);
    expect(new Set(views("daily").map((event) => event.visitorId)).size).toBe(1464);
    expect(given.filter((event) => event.path === "/blog/tags/puppet")).toHaveLength(489);
  });
});
