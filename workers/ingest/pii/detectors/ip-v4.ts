import type { Detector, Span } from "../detector.ts";
import { type DigitGroups, digitsOf, gapAfter, isWordAt } from "../digit-groups.ts";
import { HAS } from "../survey.ts";
import { isVersionKey, readsAsVersion } from "../version-words.ts";

const OCTET_MAX = 255;
const GOES_ON = /^(?:[\p{L}\p{N}_]|\.[\p{L}\p{N}]|-\p{L})/u;

/** Four numbers up to 255 from group `i` on, dots between, none with a zero in front. */
function isQuad(groups: DigitGroups, i: number): boolean {
  for (let k = i; k < i + 3; k++) if (gapAfter(groups, k) !== ".") return false;
  for (let k = i; k < i + 4; k++) {
    const octet = digitsOf(groups, k, k);
    if (octet.length > 3 || Number(octet) > OCTET_MAX || (octet.length > 1 && octet[0] === "0")) return false;
  }
  return true;
}

/** Behind an address, the size of its network: `/24`. */
export function withPrefix(text: string, end: number, most: number): number {
  const size = /^\/(\d{1,3})(?!\w)/.exec(text.slice(end, end + 5))?.[1];
  return size !== undefined && Number(size) <= most ? end + 1 + size.length : end;
}

export const ipV4: Detector = {
  kind: "ip",
  about: "an IPv4 address, with the size of its network if given; not the four numbers of a version",
  needs: HAS.dots,
  find(searched) {
    const { text, key } = searched;
    if (isVersionKey(key)) return [];
    const groups = searched.groups();
    const spans: Span[] = [];
    for (let i = 0; i + 3 < groups.starts.length; i++) {
      const start = groups.starts[i]!;
      const end = groups.ends[i + 3]!;
      if (!isQuad(groups, i) || isWordAt(text, start - 1) || text[start - 1] === "_" || text[start - 1] === ".")
        continue;
      if (GOES_ON.test(text.slice(end, end + 2)) || readsAsVersion(text, start)) continue;
      spans.push({ start, end: withPrefix(text, end, 32) });
      i += 3;
    }
    return spans;
  },
  examples: [
    "192.168.0.1",
    "from 203.0.113.77:8080",
    "(10.0.0.1)",
    "192.168.1.0/24",
    "IP: 192.168.1.1.",
    "/ip/203.0.113.77",
  ],
  nonExamples: [
    "1.2.3",
    "v1.2.3.4",
    "version 1.2.3.4",
    "Chrome/131.0.0.0",
    "256.256.256.256",
    "IP192.168.1.1text",
    "1.2.3.4-beta",
    "1.2.3.4.5",
    "08.01.02.03",
  ],
};
