import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guessHost } from "../../../workers/local/replay/host-guess.ts";
import { firstLines } from "../../../workers/local/replay/open-text.ts";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { readFile, readText } from "./read-rows.ts";

const at = "[17/May/2015:10:05:03 +0200]";
const agents = '"https://search.example/?q=a" "Mozilla/5.0 (X11)"';

function combinedLine(request: string, status = 200): string {
  return `192.0.2.7 - - ${at} "${request}" ${status} 512 ${agents}`;
}

describe.skipIf(!fixturesDir)("a real Apache log", () => {
  const path = join(fixturesDir ?? "", "web/apache_semicomplete_2015-05.log.gz");

  it("gives the page views, visitors and top pages of the answers", async () => {
    const answers = readJsonFixture<{
      requests: number;
      all_traffic: { pageviews: number; visitors: number; top_pages: [string, number, number][] };
    }>("web/apache_semicomplete_2015-05_answers.json");
    const { format, rows, events, unparsable } = await readFile(path);
    expect(format).toBe("combined");
    expect(rows.length - unparsable.length).toBe(answers.requests);
    expect(events).toHaveLength(answers.all_traffic.pageviews);
    expect(new Set(events.map((event) => event.visitor)).size).toBe(answers.all_traffic.visitors);
    for (const [page, views, visitors] of answers.all_traffic.top_pages) {
      const here = events.filter((event) => new URL(event.url).pathname === page);
      expect([page, here.length, new Set(here.map((event) => event.visitor)).size]).toEqual([page, views, visitors]);
    }
  });

  it("names the one line whose quote is not closed", async () => {
    const { unparsable } = await readFile(path);
    expect(unparsable).toEqual([{ kind: "unparsable", fileLine: 8899, reason: "a quote is not closed" }]);
  });

  it("tells the site's host from the referrers of its images", async () => {
    expect(guessHost(await firstLines(path))).toBe("semicomplete.com");
  });

  it("gives every other request as an event when all are wanted", async () => {
    const { events } = await readFile(path, { allRequests: true });
    expect(events).toHaveLength(9999);
    expect(events.filter((event) => event.name === "pageview")).toHaveLength(3904);
  });
});

describe("a combined log", () => {
  it("becomes page views with address, referrer, user agent and the time in UTC", async () => {
    const { format, rows } = await readText(`${combinedLine("GET /a?utm_source=x HTTP/1.1")}\n`);
    expect(format).toBe("combined");
    expect(rows).toEqual([
      {
        kind: "event",
        fileLine: 1,
        address: "192.0.2.7",
        event: {
          line: 0,
          at: Date.parse("2015-05-17T08:05:03Z"),
          name: "pageview",
          url: "https://site.example/a?utm_source=x",
          visitor: "192.0.2.7\nMozilla/5.0 (X11)",
          referrer: "https://search.example/?q=a",
          userAgent: "Mozilla/5.0 (X11)",
        },
      },
    ]);
  });

  it.each([
    ["POST /a HTTP/1.1", 200],
    ["GET /a HTTP/1.1", 404],
    ["GET /style.CSS?v=2 HTTP/1.1", 200],
    ["GET /feed.rss HTTP/1.1", 200],
    ["-", 400],
    ["\\x16\\x03\\x01", 400],
  ])("leaves out %s answered %i", async (request, status) => {
    const { rows } = await readText(combinedLine(request, status), { format: "combined" });
    expect(rows).toEqual([{ kind: "skipped", fileLine: 1 }]);
  });

  it("keeps a page whose query ends like a picture, and one answered 304", async () => {
    const text = [combinedLine("GET /a?file=b.png HTTP/1.1"), combinedLine("GET /b HTTP/1.1", 304)].join("\n");
    expect((await readText(text)).events).toHaveLength(2);
  });

  it("reads escaped quotes in a user agent", async () => {
    const line = `192.0.2.7 - - ${at} "GET / HTTP/1.1" 200 - "-" "A \\"quoted\\" agent"`;
    expect((await readText(line)).events[0]?.userAgent).toBe('A "quoted" agent');
  });

  it("takes the host and path of a request through a proxy", async () => {
    const { events } = await readText(combinedLine("GET http://other.example/p HTTP/1.1"));
    expect(events[0]?.url).toBe("http://other.example/p");
  });

  it("ignores fields that follow the user agent, and reads lines that end in CRLF", async () => {
    const { events } = await readText(`${combinedLine("GET /a HTTP/1.1")} "-" 0.003\r\n`);
    expect(events[0]?.userAgent).toBe("Mozilla/5.0 (X11)");
  });

  it("counts bad lines without stopping", async () => {
    const good = combinedLine("GET /a HTTP/1.1");
    const { events, unparsable } = await readText([good, "rubbish", "", good].join("\n"), { format: "combined" });
    expect(events.map((event) => event.line)).toEqual([0, 3]);
    expect(unparsable.map((row) => row.fileLine)).toEqual([2, 3]);
  });

  it("never throws and never loses a line, whatever is in it", async () => {
    const line = fc.oneof(fc.string({ unit: "binary" }), fc.constant(combinedLine("GET /a HTTP/1.1")));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 99 }), async (lines, piece) => {
        const text = `${lines.map((text) => text.replace(/[\r\n]/g, " ")).join("\n")}\n`;
        const { rows } = await readText(text, { format: "combined", piece });
        expect(rows.map((row) => row.fileLine)).toEqual(lines.map((_, i) => i + 1));
      }),
    );
  });
});

describe("the other access logs", () => {
  it("reads a common log, whose visitor is the address", async () => {
    const { format, events } = await readText(`192.0.2.7 - frank ${at} "GET /a HTTP/1.0" 200 2326\n`);
    expect(format).toBe("common");
    expect(events[0]).toMatchObject({ visitor: "192.0.2.7", url: "https://site.example/a" });
    expect(events[0]).not.toHaveProperty("userAgent");
  });

  it("takes the host of a log that names it", async () => {
    const { format, events } = await readText(`shop.example:443 ${combinedLine("GET /a HTTP/2.0")}\n`);
    expect(format).toBe("vhost");
    expect(events[0]?.url).toBe("https://shop.example/a");
  });
});

describe("a W3C extended log", () => {
  it("reads what IIS writes, and fields that change on the way", async () => {
    const text = [
      "#Software: Microsoft Internet Information Services 10.0",
      "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) cs(Referer) sc-status",
      "2024-03-01 08:00:01 GET /start utm_source=mail 192.0.2.1 Mozilla/5.0+(Windows+NT+10.0) - 200",
      "2024-03-01 08:00:02 GET /logo.png - 192.0.2.1 Mozilla/5.0+(Windows+NT+10.0) - 200",
      "#Fields: date time c-ip cs-method cs-uri-stem sc-status",
      "2024-03-01 08:00:03 192.0.2.2 GET /next 304",
      "2024-03-01 08:00:04 192.0.2.2 GET",
    ].join("\r\n");
    const { format, events, unparsable } = await readText(text);
    expect(format).toBe("w3c");
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      at: Date.parse("2024-03-01T08:00:01Z"),
      url: "https://site.example/start?utm_source=mail",
      userAgent: "Mozilla/5.0 (Windows NT 10.0)",
    });
    expect(events[1]).toMatchObject({ visitor: "192.0.2.2", url: "https://site.example/next" });
    expect(unparsable).toEqual([{ kind: "unparsable", fileLine: 7, reason: "4 values for 6 fields" }]);
  });

  it("reads what CloudFront writes: tabs, percent-encoding, the viewer's host", async () => {
    const fields =
      "date time c-ip cs-method cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query x-host-header";
    const values = [
      ..."2024-03-01 08:00:01 192.0.2.1 GET /a 200 https://t.example/".split(" "),
      ..."Mozilla/5.0%20(X11;%2520Linux) - www.shop.example".split(" "),
    ];
    const { events } = await readText(`#Version: 1.0\n#Fields: ${fields}\n${values.join("\t")}\n`);
    expect(events[0]).toMatchObject({
      url: "https://www.shop.example/a",
      userAgent: "Mozilla/5.0 (X11; Linux)",
      referrer: "https://t.example/",
    });
  });
});
