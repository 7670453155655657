// What other tools write in short, by our names, so that their browsers and ours stand in one row.
import type { Field } from "./mapping.ts";

const NAMES: Partial<Record<Field, Readonly<Record<string, string>>>> = {
  browser: {
    chrome: "Chrome",
    crios: "Chrome",
    firefox: "Firefox",
    fxios: "Firefox",
    safari: "Safari",
    ios: "Safari",
    edge: "Microsoft Edge",
    "edge-chromium": "Microsoft Edge",
    "edge-ios": "Microsoft Edge",
    opera: "Opera",
    samsung: "Samsung Browser",
  },
  os: { "Mac OS": "Mac", "Android OS": "Android", Linux: "GNU/Linux" },
  device: { desktop: "Desktop", laptop: "Desktop", mobile: "Mobile", tablet: "Tablet" },
};

const WINDOWS = /^Windows (?:\d|XP|Vista|Server)/;

/** Itself where nothing is known of it. */
export function knownName(field: Field, value: string): string {
  if (field === "os" && WINDOWS.test(value)) return "Windows";
  const names = NAMES[field];
  return names && Object.hasOwn(names, value) ? names[value]! : value;
}
