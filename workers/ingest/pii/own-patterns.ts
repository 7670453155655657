import { RE2JS } from "re2js";
import type { OwnPattern } from "../../domain/pii-kind.ts";
import type { Span } from "./detector.ts";

/** Looking for the next stretch may take a pass over the rest of the text. */
const MOST_FOUND = 50;

export interface CompiledPattern extends OwnPattern {
  find(text: string): Span[];
}

/** A site's own pattern, run in linear time. It was checked when it was set. */
export function compilePattern(own: OwnPattern): CompiledPattern {
  const compiled = RE2JS.compile(own.pattern);
  return {
    ...own,
    find(text) {
      const spans: Span[] = [];
      const matcher = compiled.matcher(text);
      while (spans.length < MOST_FOUND && matcher.find()) {
        if (matcher.end() > matcher.start()) spans.push({ start: matcher.start(), end: matcher.end() });
      }
      return spans;
    },
  };
}
