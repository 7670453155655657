import type { PiiKind } from "../../domain/pii-kind.ts";
import type { AboutText, Searched, Span } from "./detector.ts";
import { DETECTORS } from "./detectors/index.ts";
import { type DigitGroups, digitGroups } from "./digit-groups.ts";
import { findKeyed } from "./keyed-text.ts";
import { HAS, surveyText } from "./survey.ts";
import { unescapeText } from "./unescape.ts";

export interface FoundPii extends Span {
  kind: PiiKind;
}

const NOTHING: readonly FoundPii[] = [];
const ordered = Object.values(DETECTORS);

/** Of a text that a program wrote, or may have. */
export const WRITTEN: AboutText = { key: "", isTyped: false };
/** Of a text without any key. */
export const TYPED: AboutText = { key: "", isTyped: true };

/** Personal values in a text, in order and apart from each other. */
export function findPii(text: string, about: AboutText): readonly FoundPii[] {
  const flags = surveyText(text);
  if (flags === 0) return NOTHING;
  if ((flags & HAS.escape) === 0) return search(text, about, flags);
  const { text: plain, origins } = unescapeText(text);
  const found = search(plain, about, surveyText(plain));
  return found.map(({ start, end, kind }) => ({ start: origins[start]!, end: origins[end]!, kind }));
}

function search(text: string, about: AboutText, flags: number): readonly FoundPii[] {
  let groups: DigitGroups | undefined;
  const searched: Searched = {
    ...about,
    text,
    groups() {
      groups ??= digitGroups(text);
      return groups;
    },
  };
  const found: FoundPii[] = [];
  for (const { needs, kind, find } of ordered) {
    if ((flags & needs) === 0) continue;
    for (const span of find(searched)) found.push({ ...span, kind });
  }
  if (flags & HAS.keyed) for (const span of findKeyed(text)) found.push(span);
  return found.length < 2 ? found : apart(found);
}

/** Stretches that overlap become one, which is what the first of them in the given order says. Returned in order of place. */
export function apart<Found extends Span>(found: readonly Found[]): Found[] {
  const merged: { span: Found; rank: number }[] = [];
  const ranked = found.map((span, rank) => ({ span, rank }));
  for (const next of ranked.sort((a, b) => a.span.start - b.span.start || a.rank - b.rank)) {
    const last = merged.at(-1);
    if (!last || next.span.start >= last.span.end) {
      merged.push(next);
      continue;
    }
    const first = next.rank < last.rank ? next : last;
    const { start } = last.span;
    const end = Math.max(last.span.end, next.span.end);
    merged[merged.length - 1] = { rank: first.rank, span: { ...first.span, start, end } };
  }
  return merged.map(({ span }) => span);
}
