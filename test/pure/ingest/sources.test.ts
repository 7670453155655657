import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { SOURCE_ALIASES } from "../../../workers/ingest/sources/aliases.ts";
import { CHANNELS, channelOf, type Origin } from "../../../workers/ingest/sources/channel.ts";
import { KNOWN_SOURCES } from "../../../workers/ingest/sources/known/index.ts";
import { sourceOfHost, sourceOfTag } from "../../../workers/ingest/sources/match-source.ts";
import { traceOrigin } from "../../../workers/ingest/sources/trace-origin.ts";
import { fixturesDir, readFixture, readJsonFixture } from "../../support/fixtures.ts";
import { aSite, collected } from "./facts.ts";

const from = (referrer: string, query = "") =>
  collected({ referrer, url: `https://www.shop.example.com/${query && `?${query}`}` });

describe("the source of a visit", () => {
  it.each([
    ["https://www.google.com/", "Google", "Organic Search"],
    ["https://www.google.co.uk/url?q=1", "Google", "Organic Search"],
    ["https://google.com.br", "Google", "Organic Search"],
    ["https://google.evil.example/", "google.evil.example", "Referral"],
    ["https://mail.google.com/mail/u/0", "Gmail", "Email"],
    ["android-app://com.google.android.gm/", "Gmail", "Email"],
    ["android-app://com.google.android.googlequicksearchbox/", "Google", "Organic Search"],
    ["android-app://com.unknown.app", "com.unknown.app", "Referral"],
    ["https://l.facebook.com/l.php?u=x", "Facebook", "Organic Social"],
    ["https://t.co/abc", "Twitter", "Organic Social"],
    ["https://x.com/someone", "Twitter", "Organic Social"],
    ["https://netflix.com", "Netflix", "Organic Video"],
    ["https://m.youtube.com/watch?v=1", "YouTube", "Organic Video"],
    ["https://www.amazon.de/dp/1", "Amazon", "Organic Shopping"],
    ["https://chatgpt.com/", "ChatGPT", "AI Assistants"],
    ["https://gemini.google.com/app", "Gemini", "AI Assistants"],
    ["https://news.ycombinator.com/item?id=1", "Hacker News", "Organic Social"],
    ["https://github.com/a/b", "GitHub", "Referral"],
    ["https://docs.google.com/document/1", "Google Docs", "Referral"],
    ["https://www.blog.example.net/post?x=1", "blog.example.net", "Referral"],
    ["https://googleads.g.doubleclick.net/pagead", "Google", "Display"],
    ["https://syndicatedsearch.goog/", "Google", "Paid Search"],
    ["", "", "Direct"],
    ["not an address", "", "Direct"],
  ])("from %j is %j through %s", (referrer, source, channel) => {
    expect(from(referrer)).toMatchObject({ source, channel });
  });

  it("is nobody when the visitor comes from the site itself", () => {
    expect(from("https://shop.example.com/cart")).toMatchObject({ referrer: "", source: "", channel: "Direct" });
    const site = aSite({ hostnames: ["www.shop.example.com", "*.example.org"] });
    const event = collected({ url: "https://www.shop.example.com/", referrer: "https://blog.example.org/a" }, { site });
    expect(event).toMatchObject({ referrer: "", source: "", channel: "Direct" });
  });

  it("is what the link says before what the browser says", () => {
    expect(from("https://www.google.com/", "utm_source=Spring%20letter&utm_medium=email")).toMatchObject({
      referrer: "google.com",
      source: "Spring letter",
      channel: "Email",
    });
    expect(from("", "ref=producthunt")).toMatchObject({ source: "Product Hunt", channel: "Referral", utmSource: "" });
  });

  it.each([
    ["utm_source=fb&utm_medium=paid_social", "Facebook", "Paid Social"],
    ["utm_source=GOOGLE&utm_medium=cpc", "Google", "Paid Search"],
    ["utm_source=chatgpt.com", "ChatGPT", "AI Assistants"],
    ["utm_source=www.linkedin.com", "LinkedIn", "Organic Social"],
    ["utm_source=youtube&utm_medium=ppc", "YouTube", "Paid Video"],
    ["utm_source=amazon&utm_medium=cpc", "Amazon", "Paid Shopping"],
    ["utm_source=x&utm_campaign=Shopping-autumn", "Twitter", "Organic Shopping"],
    ["utm_source=partner&utm_medium=cpc", "partner", "Paid Other"],
    ["utm_source=partner&utm_medium=cpm", "partner", "Display"],
    ["utm_source=partner&utm_medium=banner", "partner", "Display"],
    ["utm_source=partner&utm_medium=affiliate", "partner", "Affiliates"],
    ["utm_source=podcast&utm_medium=audio", "podcast", "Audio"],
    ["utm_source=sms", "sms", "SMS"],
    ["utm_source=app&utm_medium=web-push", "app", "Mobile Push"],
    ["utm_source=newsletter", "newsletter", "Email"],
    ["utm_source=google&utm_campaign=Cross-Network+1", "Google", "Cross-network"],
    ["utm_source=constructor", "constructor", "Referral"],
  ])("tagged %s is %s through %s", (query, source, channel) => {
    expect(from("", query)).toMatchObject({ source, channel });
  });

  it("is paid where an advertisement's click id says so, and the id is forgotten", () => {
    expect(from("https://www.google.com/", "gclid=Cj0Kx")).toMatchObject({ source: "Google", channel: "Paid Search" });
    expect(from("", "msclkid=77")).toMatchObject({ source: "Bing", channel: "Paid Search" });
    expect(from("", "fbclid=IwAR")).toMatchObject({ source: "Facebook", channel: "Organic Social" });
    expect(JSON.stringify(from("", "gclid=Cj0Kx"))).not.toContain("Cj0Kx");
  });

  it("keeps no query and no e-mail address of the referrer", () => {
    expect(from("https://www.example.net/u/jane@example.com/?email=jane@example.com").referrer).toBe(
      "example.net/u/(e-mail)",
    );
  });
});

describe("the list of sources", () => {
  const entries = Object.values(KNOWN_SOURCES).flatMap((sources) => Object.entries(sources));

  it("holds well-formed hosts, each once", () => {
    const hosts = entries.flatMap(([, list]) => list.split(" "));
    expect(hosts.filter((host) => !/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(?:[A-Za-z0-9_-]+|\*)$/.test(host))).toEqual(
      [],
    );
    expect(hosts.filter((host, i) => hosts.indexOf(host) !== i)).toEqual([]);
  });

  it("finds every entry by its host", () => {
    const lost = entries.flatMap(([name, list]) =>
      list
        .split(" ")
        .map((host) => host.toLowerCase().replace(".*", ".com"))
        .filter((host) => sourceOfHost(host).name !== name)
        .map((host) => `${host} is ${sourceOfHost(host).name}, not ${name}`),
    );
    expect(lost).toEqual([]);
  });

  it("has a name behind every alias", () => {
    for (const [alias, name] of Object.entries(SOURCE_ALIASES)) expect(sourceOfTag(alias).name).toBe(name);
  });
});

it("every channel can be reached", () => {
  const plain: Origin = { kind: "", known: true, tag: "", medium: "", campaign: "", paidClick: false };
  const origins: Partial<Origin>[] = [
    { campaign: "cross-network" },
    { kind: "shopping", medium: "cpc" },
    { kind: "search", medium: "cpc" },
    { kind: "social", medium: "cpc" },
    { kind: "video", medium: "cpc" },
    { medium: "banner" },
    { medium: "cpc" },
    { kind: "shopping" },
    { kind: "social" },
    { kind: "video" },
    { kind: "search" },
    { kind: "ai" },
    { kind: "email" },
    { medium: "affiliate" },
    { medium: "audio" },
    { medium: "sms" },
    { medium: "push" },
    {},
    { known: false },
  ];
  expect(origins.map((origin) => channelOf({ ...plain, ...origin }))).toEqual([...CHANNELS]);
});

interface RefererCase {
  uri: string;
  medium: "search" | "social" | "email" | "paid" | "chatbot";
  source: string;
}

describe.skipIf(!fixturesDir)("against other people's lists", () => {
  it("agrees with Snowplow's referer tests on 117 of 118 media and on 103 names", () => {
    const channels: Record<RefererCase["medium"], string[]> = {
      search: ["Organic Search", "Organic Shopping"],
      social: ["Organic Social"],
      email: ["Email"],
      paid: ["Display", "Paid Search"],
      chatbot: ["AI Assistants"],
    };
    const cases = readJsonFixture<RefererCase[]>("referrer/snowplow_referer_tests.json");
    const traced = cases.map((test) => ({
      test,
      origin: traceOrigin({
        referrer: test.uri,
        tag: "",
        clickId: "",
        medium: "",
        campaign: "",
        isOwnHost: () => false,
      }),
    }));
    const otherMedium = traced.filter(({ test, origin }) => !channels[test.medium].includes(origin.channel));
    expect(otherMedium.map(({ test }) => new URL(test.uri).hostname)).toEqual(["webmail1m.orange.fr"]);
    expect(traced.filter(({ test, origin }) => test.source === origin.source)).toHaveLength(103);
  });

  it("names every source of Plausible's events as Plausible does", () => {
    const file = readFixture("web/plausible_io_2024-03_events.csv.gz");
    const rows: Record<string, string>[] = parse(file, { columns: true });
    const pairs = new Map(rows.map((row) => [row.referrer ?? "", row.referrer_source ?? ""]));
    pairs.delete("");
    expect(pairs.size).toBeGreaterThan(15);
    for (const [referrer, source] of pairs) {
      const address = referrer.startsWith("android-app:") ? referrer : `https://${referrer}`;
      expect([referrer, from(address).source]).toEqual([referrer, source]);
    }
  });
});
