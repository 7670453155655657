import type { Detector, Span } from "../detector.ts";
import { isSaidBefore } from "../said-before.ts";
import { HAS } from "../survey.ts";
import { withPrefix } from "./ip-v4.ts";

const SIGN = /[0-9A-Fa-f:.]/;
const LONGEST = 45;
const PART = /^[0-9A-Fa-f]{1,4}$/;
const QUAD = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const SAID = /\b(?:ip|ipv6|src|dst|addr|address|host|listen|bind|unspecified|loopback)\b/;
const BESIDE = /[\p{L}\p{N}_]/u;

/** RFC 4291, section 2.2: eight parts of sixteen bits, one run of zeros left out as `::`, the last two as IPv4 if liked. */
export function isIpV6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = parts.at(-1) ?? "";
  const quad = last.includes(".") && QUAD.test(last);
  const plain = quad ? parts.slice(0, -1) : parts;
  if (!plain.every((part) => PART.test(part))) return false;
  const count = plain.length + (quad ? 2 : 0);
  return halves.length === 2 ? count <= 7 : count === 8;
}

/** `fe80::1%eth0`: the interface is of the address. */
function withZone(text: string, end: number): number {
  const zone = /^%[A-Za-z][A-Za-z0-9]{0,15}(?![\p{L}\p{N}_])/u.exec(text.slice(end, end + 18))?.[0] ?? "";
  return end + zone.length;
}

/** Two colons alone stand between the parts of titles, too. */
function isTold(text: string, { start, end }: Span): boolean {
  if (end - start > 2 || text[end] === "/") return true;
  return isSaidBefore(text, start, SAID);
}

export const ipV6: Detector = {
  kind: "ip",
  about: "an IPv6 address in any of its spellings, with zone or size of network if given",
  needs: HAS.colons,
  find({ text }) {
    const spans: Span[] = [];
    for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at)) {
      let start = at;
      while (start > 0 && at - start < 5 && SIGN.test(text[start - 1]!) && text[start - 1] !== ".") start--;
      let end = at;
      while (end < text.length && end - start < LONGEST && SIGN.test(text[end]!)) end++;
      at = end;
      while (end > start && (text[end - 1] === "." || (text[end - 1] === ":" && text[end - 2] !== ":"))) end--;
      const isFree = !BESIDE.test(text[start - 1] ?? "") && !BESIDE.test(text[end] ?? "");
      if (!isFree || end - start < 2 || !isIpV6(text.slice(start, end))) continue;
      if (!isTold(text, { start, end })) continue;
      spans.push({ start, end: withPrefix(text, withZone(text, end), 128) });
    }
    return spans;
  },
  examples: [
    "2001:db8:85a3::8a2e:370:7334",
    "my ip: 684D:1111:222:3333:4444:5555:6:77",
    "[2001:db8::1]:8080",
    "::ffff:192.0.2.1",
    "fe80::1%eth0",
    "2001:db8::/32",
    "bound to ip ::",
  ],
  nonExamples: [
    "12:34:56",
    "std::cout",
    "Home :: Shop",
    "a::before",
    "aa:bb:cc:dd:ee:ff",
    "2001::db8::1",
    "1:2:3:4",
    ":::",
  ],
};
