import type { PiiKind } from "../../domain/pii-kind.ts";
import type { DigitGroups } from "./digit-groups.ts";

/** A stretch of a text, the end not included. */
export interface Span {
  start: number;
  end: number;
}

/** A text as detectors see it. */
export interface Searched {
  text: string;
  /** Found when first asked for. */
  groups(): DigitGroups;
  /** The key that the text is the value of, as `normalKey` writes it, or "". */
  key: string;
}

/** Finds one kind of personal value in text. Linear in the text's length, whatever it holds. */
export interface Detector {
  kind: PiiKind;
  about: string;
  /** Flags of `HAS`, one of which a text must have. */
  needs: number;
  find(searched: Searched): Span[];
  /** Texts in which exactly one stretch is found. */
  examples: readonly string[];
  /** Texts in which nothing is. */
  nonExamples: readonly string[];
}
