import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePairs } from "../../../workers/local/replay/mapping.ts";
import { listLiteral } from "../../../workers/local/replay/record-props.ts";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { readFile, readText } from "./read-rows.ts";

function mapping(columns: string, constants = "") {
  return {
    columns: parsePairs("--map", columns === "" ? [] : [columns]),
    constants: parsePairs("--set", constants === "" ? [] : [constants]),
  };
}

describe.skipIf(!fixturesDir)("Plausible's own events", () => {
  const path = join(fixturesDir ?? "", "web/plausible_io_2024-03_events.csv.gz");

  it("come out with the counts of the answers, without being told a column", async () => {
    const answers = readJsonFixture<{ events_by_name: Record<string, number>; totals: { visitors: number } }>(
      "web/plausible_io_2024-03_answers.json",
    );
    const { format, events, unparsable } = await readFile(path);
    expect(format).toBe("csv");
    expect(unparsable).toEqual([]);
    const names = Map.groupBy(events, (event) => event.name);
    expect(Object.fromEntries([...names].map(([name, of]) => [name, of.length]))).toEqual(answers.events_by_name);
    expect(new Set(events.map((event) => event.visitor)).size).toBe(answers.totals.visitors);
  });

  it("keep visitor numbers beyond 2^53 exact, and their place, device and properties", async () => {
    const { events } = await readFile(path);
    expect(events[0]).toEqual({
      line: 0,
      at: Date.parse("2024-03-28T08:45:18Z"),
      name: "pageview",
      url: "https://plausible.io/:dashboard",
      visitor: "4038582707051174035",
      country: "FR",
      region: "FR-20R",
      city: "2985947",
      device: "Mobile",
      os: "iOS",
      osVersion: "16.6",
      browser: "Chrome",
      browserVersion: "123.0",
      props: { browser_language: "en-GB", logged_in: "true", theme: "light" },
    });
  });
});

describe.skipIf(!fixturesDir)("an xz-packed table of purchases", () => {
  it("is unpacked and read by a mapping", async () => {
    const { events, unparsable } = await readFile(join(fixturesDir ?? "", "ecommerce/cdnow_master.csv.xz"), {
      mapping: mapping("at=date,visitor=customer_id,revenue=dollar,props=*", "name=purchase,currency=USD"),
    });
    expect(unparsable).toEqual([]);
    expect(events).toHaveLength(69_659);
    expect(new Set(events.map((event) => event.visitor)).size).toBe(23_570);
    const revenue = events.reduce((sum, event) => sum + (event.revenue?.amount ?? 0), 0);
    expect(revenue).toBeCloseTo(2_500_315.63, 2);
    expect(events[0]?.props).toEqual({ quantity: "1" });
  });
});

describe("a table with a header", () => {
  it("is understood by the usual names of its columns", async () => {
    const text = [
      "Event Name,Created At,Anonymous ID,Page URL,UTM Source,Revenue,Currency",
      "signup,2026-01-02T03:04:05+02:00,v1,https://a.example/x,mail,,",
      "purchase,2026-01-02 03:04:05,v2,https://a.example/y,,12.50,eur",
    ].join("\n");
    const { events } = await readText(text);
    expect(events).toEqual([
      {
        ...{ line: 0, name: "signup", at: Date.parse("2026-01-02T01:04:05Z"), visitor: "v1" },
        ...{ url: "https://a.example/x", utm: { source: "mail" } },
      },
      {
        ...{ line: 1, name: "purchase", at: Date.parse("2026-01-02T03:04:05Z"), visitor: "v2" },
        ...{ url: "https://a.example/y", revenue: { amount: 12.5, currency: "EUR" } },
      },
    ]);
  });

  it("may hold quoted delimiters, quotes and line breaks", async () => {
    const text = 'at,visitor,path,title\r\n1700000000,v,/a,"one, ""two""\r\nthree"\r\n1700000001,v,/b,four\r\n';
    const { events } = await readText(text);
    expect(events.map((event) => event.title)).toEqual(['one, "two"\r\nthree', "four"]);
  });

  it("survives any values, in any pieces, when they are quoted as RFC 4180 says", async () => {
    const cell = fc.string({ unit: "grapheme", maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1 }), fc.integer({ min: 1, max: 40 }), async (cells, piece) => {
        const lines = cells.map((value) => `1700000000,v,/,"${value.replaceAll('"', '""')}"`);
        const { events } = await readText(`at,visitor,path,props.x\n${lines.join("\n")}\n`, {
          ...{ format: "csv", piece },
          mapping: mapping("props.x=props.x"),
        });
        const expected = cells.map((value) => (["\\N", "NULL"].includes(value.trim()) ? "" : value.trim()));
        expect(events.map((event) => event.props?.x ?? "")).toEqual(expected);
      }),
    );
  });

  it("is Umami's: a session is a visitor, and short names become ours", async () => {
    const header =
      "website_id,session_id,visit_id,event_id,hostname,browser,os,device,country,url_path,referrer_domain,event_type,event_name,distinct_id,created_at";
    const { events } = await readText(
      `${header}\nw,s1,v1,e1,a.example,edge-chromium,Windows 10,laptop,DE,/x,search.example,1,,,2026-09-21 10:00:00\nw,s1,v1,e2,a.example,crios,iOS,mobile,DE,/x,,2,signup,u-7,2026-09-21 10:01:00\n`,
    );
    expect(events).toEqual([
      {
        ...{ line: 0, name: "pageview", at: Date.parse("2026-09-21T10:00:00Z"), visitor: "s1" },
        ...{ url: "https://a.example/x", referrer: "https://search.example", country: "DE" },
        ...{ browser: "Microsoft Edge", os: "Windows", device: "Desktop" },
      },
      {
        ...{ line: 1, name: "signup", at: Date.parse("2026-09-21T10:01:00Z"), visitor: "s1", userId: "u-7" },
        ...{ url: "https://a.example/x", country: "DE", browser: "Chrome", os: "iOS", device: "Mobile" },
      },
    ]);
  });

  it("leaves out of Umami's what is no event of the site and what an overlapping export repeats, and says why", async () => {
    // As the export writes it today; the rows are made up.
    const header =
      "website_id,session_id,visit_id,event_id,hostname,browser,os,device,screen,language,country,region,city,url_path,url_query," +
      "utm_source,utm_medium,utm_campaign,utm_content,utm_term,referrer_path,referrer_query,referrer_domain,page_title,gclid,fbclid," +
      "msclkid,ttclid,li_fat_id,twclid,lcp,inp,cls,fcp,ttfb,event_type,event_name,tag,distinct_id,created_at,job_id";
    const line = (cells: Record<string, string>) =>
      header
        .split(",")
        .map(
          (name) => ({ website_id: "w", session_id: "s", hostname: "a.example", url_path: "/", ...cells })[name] ?? "",
        )
        .join(",");
    const at = "2026-09-21 10:00:00";
    const { events, rows } = await readText(
      [
        header,
        line({ event_id: "e1", event_type: "1", created_at: at }),
        line({ event_id: "e2", event_type: "2", event_name: "signup", created_at: at }),
        line({ event_id: "e1", event_type: "1", created_at: at }),
        line({ event_id: "e3", event_type: "5", lcp: "1200", created_at: at }),
        line({ event_id: "e4", event_type: "2", created_at: at }),
        line({ event_id: "e5", event_type: "1", created_at: "-1" }),
        line({ event_id: "e6", event_type: "1", created_at: at }),
      ].join("\n"),
    );
    expect(events.map(({ line: place, name }) => [place, name])).toEqual([
      [0, "pageview"],
      [1, "signup"],
      [6, "pageview"],
    ]);
    expect(rows.filter((row) => row.kind !== "event")).toEqual([
      { kind: "skipped", fileLine: 4, reason: "repeats the id of an earlier line" },
      { kind: "skipped", fileLine: 5, reason: "of type 5, no page view and no event" },
      { kind: "skipped", fileLine: 6, reason: "an event without a name" },
      { kind: "unparsable", fileLine: 7, reason: 'no time in "-1"' },
    ]);
  });

  it("counts broken records and goes on", async () => {
    const text = [
      "at,visitor,path",
      "1700000000,v,/a",
      "soon,v,/b",
      "1700000000,v",
      '1700000000,v"x"y,/c',
      "1700000000,v,/d",
    ];
    const { events, unparsable } = await readText(text.join("\n"));
    expect(events.map((event) => new URL(event.url).pathname)).toEqual(["/a", "/d"]);
    expect(unparsable.map((row) => row.reason).sort()).toEqual([
      "2 values for 3 columns",
      "a quote stands where none may, or is not closed",
      'no time in "soon"',
    ]);
  });

  it("reports a quote that is never closed", async () => {
    const { events, unparsable } = await readText('at,visitor,path\n1700000000,v,/a\n1700000000,v,"/b\n');
    expect(events).toHaveLength(1);
    expect(unparsable).toMatchObject([{ reason: "a quote is not closed" }]);
  });

  it("takes \\N and empty values as none", async () => {
    const { events } = await readText('at,visitor,path,country,referrer\n1700000000,v,/a,\\N,""\n');
    expect(Object.keys(events[0] ?? {}).sort()).toEqual(["at", "line", "name", "url", "visitor"]);
  });

  it("places times without zone in the zone that was named", async () => {
    const { events } = await readText("at,visitor,path\n2026-07-01 12:00:00,v,/\n2026-01-01 12:00:00,v,/\n", {
      timeZone: "Europe/Berlin",
    });
    expect(events.map((event) => new Date(event.at).toISOString())).toEqual([
      "2026-07-01T10:00:00.000Z",
      "2026-01-01T11:00:00.000Z",
    ]);
  });

  it("may be split by tabs or semicolons", async () => {
    const lines = ["at visitor path", "1700000000 v /a,b"];
    const tabs = await readText(lines.join("\n").replaceAll(" ", "\t"));
    const semicolons = await readText(lines.join("\n").replaceAll(" ", ";"));
    expect([tabs.format, semicolons.format]).toEqual(["tsv", "csv"]);
    expect(tabs.events).toEqual(semicolons.events);
    expect(tabs.events[0]?.url).toBe("https://site.example/a,b");
  });

  it("says which column is missing and how to name it", async () => {
    await expect(readText("when,who,path\n1,2,3\n", { format: "csv" })).rejects.toThrow(
      "no column holds the time; say which with --map at=COLUMN. The file has the columns when, who, path",
    );
    const unknown = { format: "csv", mapping: mapping("at=moment") } as const;
    await expect(readText("when,who,path\n1,2,3\n", unknown)).rejects.toThrow("the file has no such column");
  });
});

describe("JSON lines", () => {
  it("keep the types of properties, and give inner objects as columns", async () => {
    const lines = [
      { at: 1700000000000, visitor: "v", url: "https://a.example/", props: { n: 3, ok: true, deep: { a: [1] } } },
      { at: "2026-01-01T00:00:00Z", visitor: "w", path: "/b", utm: { source: "mail" } },
    ];
    const { format, events } = await readText(lines.map((line) => JSON.stringify(line)).join("\n"), { piece: 4000 });
    expect(format).toBe("jsonl");
    expect(events[0]?.props).toEqual({ n: 3, ok: true, deep: { a: [1] } });
    expect(events[1]).toMatchObject({ line: 1, utm: { source: "mail" }, url: "https://site.example/b" });
  });

  it("count lines that are no object", async () => {
    const { unparsable } = await readText('{"at":1700000000,"visitor":"v","path":"/"}\n[1]\n{"at":\n', {
      ...{ format: "jsonl", piece: 4000 },
    });
    expect(unparsable.map((row) => row.fileLine)).toEqual([2, 3]);
  });
});

describe("a list as ClickHouse writes it", () => {
  it("is read with its escapes", () => {
    expect(listLiteral("['a','it\\'s','b\\\\c','']")).toEqual(["a", "it's", "b\\c", ""]);
    expect(listLiteral("[]")).toEqual([]);
  });
});
