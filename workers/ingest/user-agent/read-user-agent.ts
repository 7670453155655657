import { isbot } from "isbot";
import { createRecentCache } from "../recent-cache.ts";
import { BROWSERS } from "./browsers.ts";
import { SYSTEMS, WINDOWS_VERSIONS } from "./systems.ts";

export interface Client {
  bot: boolean;
  browser: string;
  /** Major and minor where there is one: `17.3`, `120.0`, `11`; "" when unknown. */
  browserVersion: string;
  os: string;
  osVersion: string;
  /** Desktop, Mobile, Tablet, TV, Console, Wearable, or "" when unknown. */
  device: string;
}

/** No real browser says more, and what a pattern may read must be bounded. */
const READ_LENGTH = 512;
const clients = createRecentCache<Client>(2000, READ_LENGTH);

/** What a user agent says; remembered per isolate in memory, since a few hundred make up most of the traffic. */
export function readUserAgent(userAgent: string): Client {
  return clients.get(userAgent, readClient);
}

function readClient(userAgent: string): Client {
  const text = userAgent.slice(0, READ_LENGTH);
  const [browser, browserVersion] = firstMatch(BROWSERS, text);
  const [os, version] = firstMatch(SYSTEMS, text);
  return {
    // Every browser names itself; who sends nothing is a script.
    bot: text.trim() === "" || isbot(text),
    browser,
    browserVersion,
    os,
    osVersion: os === "Windows" ? (WINDOWS_VERSIONS[version] ?? "") : version,
    device: deviceOf(text, os),
  };
}

function firstMatch(table: typeof BROWSERS, text: string): [name: string, version: string] {
  for (const [name, token] of table) {
    const match = token.exec(text);
    if (match) return [name, (match.slice(1).find((group) => group !== undefined) ?? "").replaceAll("_", ".")];
  }
  return ["", ""];
}

const TV =
  /Smart-?TV|SMART-TV|HbbTV|AppleTV|Apple TV|tvOS|Google ?TV|Android TV|BRAVIA|\bRoku|CrKey|Web0S|webOS\.TV|NetCast|VIERA|AQUOS|\bAFT[A-Z]|\bTV\b|Large Screen|OBS\//i;
const TABLET = /iPad|Tablet(?! PC)|PlayBook|Kindle|\bSilk\/(?!.*Mobile)|TouchPad|\bKF[A-Z]{2,}\b/;
const MOBILE =
  /Mobi|iPhone|iPod|Windows Phone|IEMobile|BlackBerry|\bBB10\b|Opera Mini|\bKAIOS|Symbian|Series ?[346]0|Nokia|J2ME|MIDP|UCWEB|\biOS\//i;
const DESKTOP_SYSTEMS = new Set([
  "Windows",
  "Mac",
  "Chrome OS",
  "GNU/Linux",
  "Ubuntu",
  "Fedora",
  "Debian",
  "FreeBSD",
  "OpenBSD",
  "NetBSD",
  "Solaris",
]);

function deviceOf(text: string, os: string): string {
  if (os === "PlayStation" || os === "Xbox" || os === "Nintendo") return "Console";
  if (os === "watchOS" || /\bWatch\b/.test(text)) return "Wearable";
  if (TV.test(text)) return "TV";
  if (TABLET.test(text)) return "Tablet";
  if (MOBILE.test(text)) return "Mobile";
  if (os === "Android") return "Tablet";
  return DESKTOP_SYSTEMS.has(os) ? "Desktop" : "";
}

/** CSS widths of iPads, upright and across; without 1366, which is a Mac's screen as well. */
const IPAD_WIDTHS = new Set([744, 768, 810, 820, 834, 1024, 1032, 1080, 1112, 1133, 1180, 1194, 1210, 1376]);

/**
 * The client with what the viewport adds, `width` in CSS pixels: an iPad says it is a Mac, but a window on a Mac is
 * hardly ever exactly as wide as an iPad; and an unknown device is placed by its width.
 */
export function withViewport(client: Client, width: number | undefined): Client {
  if (width === undefined || width === 0) return client;
  if (client.os === "Mac" && client.browser === "Safari" && IPAD_WIDTHS.has(width)) {
    return { ...client, os: "iOS", osVersion: client.browserVersion, device: "Tablet" };
  }
  if (client.device !== "") return client;
  return { ...client, device: width < 576 ? "Mobile" : width < 992 ? "Tablet" : "Desktop" };
}
