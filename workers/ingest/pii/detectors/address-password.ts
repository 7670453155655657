import type { Detector, Span } from "../detector.ts";
import { HAS } from "../survey.ts";

const LOGIN = /^[^\s/?#:@]{0,128}:([^\s/?#@]{1,256})@/;

export const addressPassword: Detector = {
  kind: "secret",
  about: "the password in an address: https://user:password@host",
  needs: HAS.at,
  find({ text }) {
    const spans: Span[] = [];
    for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
      const found = LOGIN.exec(text.slice(at + 3, at + 400));
      if (!found) continue;
      const end = at + 3 + found[0].length - 1;
      spans.push({ start: end - found[1]!.length, end });
    }
    return spans;
  },
  examples: ["postgres://admin:hunter2@db.example.com/shop", "see https://:tok@git.example.com"],
  nonExamples: ["https://example.com:8080/a@b", "https://ann@example.com/", "a://b:c d@e"],
};
