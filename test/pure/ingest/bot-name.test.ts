import { describe, expect, it } from "vitest";
import { botName } from "../../../workers/ingest/user-agent/bot-name.ts";

describe("what a bot is called", () => {
  it.each([
    ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"],
    [
      "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0 Safari/537.36",
      "bingbot",
    ],
    ["Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "Baiduspider"],
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0 Safari/537.36",
      "HeadlessChrome",
    ],
    ["curl/8.5.0", "curl"],
    ["python-requests/2.31", "python-requests"],
    ["", "(no user agent)"],
    ["annas-own-crawler/1.0 (+mailto:anna@example.com)", "(other)"],
  ])("is one of a list of ours: %s", (agent, name) => expect(botName(agent)).toBe(name));
});
