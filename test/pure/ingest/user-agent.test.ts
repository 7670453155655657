import { describe, expect, it } from "vitest";
import { BROWSERS } from "../../../workers/ingest/user-agent/browsers.ts";
import { readUserAgent, withViewport } from "../../../workers/ingest/user-agent/read-user-agent.ts";
import { SYSTEMS } from "../../../workers/ingest/user-agent/systems.ts";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { BROWSER_SYNONYMS, SYSTEM_SYNONYMS } from "./uap-names.ts";

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit";

describe("a user agent", () => {
  it.each([
    [`${MAC}/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36`, "Chrome 131.0", "Mac 10.15", "Desktop"],
    [`${MAC}/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15`, "Safari 18.1", "Mac 10.15", "Desktop"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51",
      "Microsoft Edge 131.0",
      "Windows 10",
      "Desktop",
    ],
    ["Mozilla/5.0 (Windows NT 6.1; rv:115.0) Gecko/20100101 Firefox/115.0", "Firefox 115.0", "Windows 7", "Desktop"],
    [
      "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
      "Firefox 133.0",
      "GNU/Linux ",
      "Desktop",
    ],
    [
      "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
      "Firefox 133.0",
      "Ubuntu ",
      "Desktop",
    ],
    [
      "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
      "Chrome 131.0",
      "Chrome OS 14541.0",
      "Desktop",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1.1 Mobile/15E148 Safari/604.1",
      "Safari 18.1",
      "iOS 18.1",
      "Mobile",
    ],
    [
      "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/123.0.6312.52 Mobile/15E148 Safari/604.1",
      "Chrome 123.0",
      "iOS 16.6",
      "Tablet",
    ],
    [
      "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
      "Samsung Browser 27.0",
      "Android 14",
      "Mobile",
    ],
    [
      "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
      "Chrome 131.0",
      "Android 13",
      "Tablet",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0",
      "Opera 115.0",
      "Windows 10",
      "Desktop",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 356.0.0.26.109 (iPhone14,5; iOS 18_1)",
      "Instagram 356.0",
      "iOS 18.1",
      "Mobile",
    ],
    [
      "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/4.0 Chrome/94.0.4606.31 TV Safari/537.36",
      "Samsung Browser 4.0",
      "Tizen 7.0",
      "TV",
    ],
    [
      "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
      "Safari 13.0",
      "PlayStation ",
      "Console",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
      "Internet Explorer 11.0",
      "Windows 10",
      "Desktop",
    ],
  ])("%s", (userAgent, browser, os, device) => {
    const client = readUserAgent(userAgent);
    expect(`${client.browser} ${client.browserVersion}`).toBe(browser);
    expect(`${client.os} ${client.osVersion}`).toBe(os);
    expect(client).toMatchObject({ device, bot: false });
  });

  it("that says nothing is left unknown, and placed by the viewport where there is one", () => {
    const unknown = readUserAgent("Something/1.0 (someone)");
    expect(unknown).toMatchObject({ browser: "", os: "", device: "" });
    expect(withViewport(unknown, 390).device).toBe("Mobile");
    expect(withViewport(unknown, 800).device).toBe("Tablet");
    expect(withViewport(unknown, 1280).device).toBe("Desktop");
    expect(withViewport(unknown, 0).device).toBe("");
  });

  it("of any length is read, and by its first 512 characters", () => {
    expect(readUserAgent("x".repeat(600) + MAC).os).toBe("");
    expect(readUserAgent(`${MAC} ${"Version/1 ".repeat(10_000)}`).os).toBe("Mac");
  });
});

interface Agent {
  ua: string;
  family: string;
  major: string | null;
}

describe.skipIf(!fixturesDir)("against other people's lists", () => {
  const agreement = (
    file: string,
    synonyms: Record<string, string>,
    known: Set<string>,
    read: (ua: string) => string,
  ) => {
    const expected = readJsonFixture<Agent[]>(file)
      .map(({ ua, family }) => ({ ua, name: synonyms[family] ?? family }))
      .filter(({ name }) => known.has(name));
    return { cases: expected.length, agreed: expected.filter(({ ua, name }) => read(ua) === name).length };
  };

  it("agrees with uap-core on the browser in 368 of the 390 cases that name one we know", () => {
    const known = new Set(BROWSERS.map(([name]) => name));
    const read = (ua: string) => readUserAgent(ua).browser;
    expect(agreement("ua/uap_core_browser_tests.json.gz", BROWSER_SYNONYMS, known, read)).toEqual({
      cases: 390,
      agreed: 368,
    });
  });

  it("agrees with uap-core on the operating system in 385 of the 400 cases that name one we know", () => {
    const known = new Set(SYSTEMS.map(([name]) => name));
    const read = (ua: string) => readUserAgent(ua).os;
    expect(agreement("ua/uap_core_os_tests.json.gz", SYSTEM_SYNONYMS, known, read)).toEqual({
      cases: 400,
      agreed: 385,
    });
  });

  it("tells people from bots as isbot's own fixtures do", () => {
    const agents = readJsonFixture<{ ua: string; bot: boolean }[]>("ua/isbot_fixtures.json.gz");
    expect(agents.filter(({ ua, bot }) => readUserAgent(ua).bot !== bot)).toEqual([]);
  });

  it("tells people from bots in a real log wherever three independent lists are not in dispute", () => {
    const agents = readJsonFixture<{ ua: string; label: string }[]>("ua/apache_log_user_agents_bot_labels.json");
    const settled = agents.filter(({ label }) => label !== "disputed");
    expect(settled).toHaveLength(524);
    expect(settled.filter(({ ua, label }) => readUserAgent(ua).bot !== (label === "bot"))).toEqual([]);
  });
});
