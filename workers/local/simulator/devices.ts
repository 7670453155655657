// What the simulated visitors browse with, and which crawlers come by.

import type { Weighted } from "./random.ts";

export interface Device {
  userAgent: string;
  /** Viewport, CSS pixels. */
  width: number;
}

const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0";
const SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1";
const device = (weight: number, width: number, userAgent: string): Weighted<Device> => [weight, { userAgent, width }];

export const DEVICES: readonly Weighted<Device>[] = [
  device(26, 1536, `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36`),
  device(5, 1920, `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/142.0.0.0`),
  device(3, 1920, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"),
  device(11, 1440, `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${CHROME} Safari/537.36`),
  device(8, 1440, `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Safari/605.1.15`),
  device(2, 1512, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0"),
  device(3, 1920, `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Safari/537.36`),
  device(2, 1920, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
  device(1, 1366, `Mozilla/5.0 (X11; CrOS x86_64 16433.41.0) ${CHROME} Safari/537.36`),
  device(20, 393, `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) ${SAFARI} Mobile/15E148 Safari/604.1`),
  device(13, 412, `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36`),
  device(
    2,
    384,
    `Mozilla/5.0 (Linux; Android 10; K) ${CHROME.replace("Chrome", "SamsungBrowser/29.0 Chrome")} Mobile Safari/537.36`,
  ),
  device(3, 1024, `Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) ${SAFARI} Mobile/15E148 Safari/604.1`),
];

export const CRAWLERS: readonly Weighted<string>[] = [
  [5, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"],
  [3, "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"],
  [3, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)"],
  [2, "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"],
  [1, "curl/8.14.1"],
];
