/** Runs of digits in a text, in order. */
export interface DigitGroups {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export function digitGroups(text: string): DigitGroups {
  const starts: number[] = [];
  const ends: number[] = [];
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isDigit = code >= 48 && code <= 57;
    if (isDigit && !inside) starts.push(i);
    if (!isDigit && inside) ends.push(i);
    inside = isDigit;
  }
  if (inside) ends.push(text.length);
  return { text, starts, ends };
}

export const lengthOf = ({ starts, ends }: DigitGroups, i: number): number => ends[i]! - starts[i]!;

/** The single character between a group and the next, or "". */
export function gapAfter({ text, starts, ends }: DigitGroups, i: number): string {
  return i >= 0 && i + 1 < starts.length && starts[i + 1]! - ends[i]! === 1 ? text[ends[i]!]! : "";
}

/** The digits of the groups from the first to the last, both included. */
export function digitsOf({ text, starts, ends }: DigitGroups, first: number, last: number): string {
  if (first === last) return text.slice(starts[first], ends[first]);
  let digits = "";
  for (let i = first; i <= last; i++) digits += text.slice(starts[i], ends[i]);
  return digits;
}

/** Whether groups of these lengths begin at `from`, with the same separator between all: that separator, else "". */
export function separatorOf(groups: DigitGroups, from: number, lengths: readonly number[]): string {
  if (from + lengths.length > groups.starts.length) return "";
  for (let k = 0; k < lengths.length; k++) if (lengthOf(groups, from + k) !== lengths[k]) return "";
  const separator = gapAfter(groups, from);
  for (let k = 1; k < lengths.length - 1; k++) if (gapAfter(groups, from + k) !== separator) return "";
  return separator;
}

const WORD = /[\p{L}\p{N}]/u;

/** Whether a letter or digit of any script stands there. */
export function isWordAt(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return false;
  const code = text.charCodeAt(at);
  if (code >= 128) return WORD.test(text[at]!);
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Whether the groups stand by themselves: no letter at either side, no decimal point, no further group joined to them. */
export function standsAlone(groups: DigitGroups, first: number, last: number): boolean {
  const { text } = groups;
  if (isWordAt(text, groups.starts[first]! - 1) || isWordAt(text, groups.ends[last]!)) return false;
  const within = first < last ? gapAfter(groups, first) : "";
  return !binds(gapAfter(groups, first - 1), within) && !binds(gapAfter(groups, last), within);
}

/** A space joins only what is itself written with spaces. */
function binds(gap: string, within: string): boolean {
  if (gap === "" || gap === "," || gap === ";" || gap === "/" || gap === "|") return false;
  return gap !== " " || within === " ";
}
