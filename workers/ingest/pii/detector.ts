import type { PiiKind } from "../../domain/pii-kind.ts";
import type { DigitGroups } from "./digit-groups.ts";

/** A stretch of a text, the end not included. */
export interface Span {
  start: number;
  end: number;
}

/** What is known of a text before it is looked at. */
export interface AboutText {
  /** The key that it is the value of, as `normalKey` writes it, or "". */
  key: string;
  /** Somebody may have typed it as they liked: numbers that are all of it are then judged without a word before them. */
  isTyped: boolean;
}

/** A text as detectors see it. */
export interface Searched extends AboutText {
  text: string;
  /** Found when first asked for. */
  groups(): DigitGroups;
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
