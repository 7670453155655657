import type { Detector, Span } from "../detector.ts";
import { HAS } from "../survey.ts";

const LOCAL = /[\p{L}\p{N}._%+\-'!#$&*^`{|}~]/u;
const LABEL = /[\p{L}\p{N}-]/u;
const LOCAL_LENGTH = 64;
const DOMAIN_LENGTH = 253;
/** What may stand before an address without being of it: `'ann@example.com'`, `?to=&ann@example.com`. */
const EDGE = /^[.'&!#$*^`{|}~%-]+/;

function localStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < LOCAL_LENGTH && LOCAL.test(text[start - 1]!)) start--;
  const local = text.slice(start, at);
  return start + (EDGE.exec(local)?.[0].length ?? 0);
}

/** Where a domain that begins at `from` ends, or -1: labels with dots between, the last of letters, or punycode. */
function domainEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < DOMAIN_LENGTH && (text[end] === "." || LABEL.test(text[end]!))) end++;
  while (end > from && (text[end - 1] === "." || text[end - 1] === "-")) end--;
  const labels = text.slice(from, end).split(".");
  const last = labels.at(-1) ?? "";
  const isTop = /^(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})$/iu.test(last);
  const areLabels = labels.every((label) => label !== "" && label.length <= 63 && !label.startsWith("-"));
  return labels.length >= 2 && isTop && areLabels ? end : -1;
}

export const email: Detector = {
  kind: "email",
  about: "an e-mail address, with letters of any script",
  needs: HAS.at,
  find({ text }) {
    const spans: Span[] = [];
    let after = 0;
    for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
      const start = Math.max(localStart(text, at), after);
      if (start >= at) continue;
      const end = domainEnd(text, at + 1);
      if (end < 0) continue;
      spans.push({ start, end });
      after = end;
    }
    return spans;
  },
  examples: [
    "ann@example.com",
    "write to jane.roe+news@mail.example.co.uk today",
    "/users/max_muster@example.org/orders",
    "user@xn--80ak6aa92e.com",
    "<jörg@müller.example>",
    "a@xn--d1acufc.xn--p1ai",
    "'o'neil@example.ie'",
  ],
  nonExamples: [
    "@handle",
    "hello @ work",
    "info@example.",
    "git@localhost",
    "react@18.3.1",
    "a@b",
    "@scope/package@1.2.3",
  ],
};
