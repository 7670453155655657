// `matches` for the patterns that need no regular expressions, which Analytics Engine has not: texts with `.*` around them
// or once between. Goals on pages make such patterns.

import { literal, type Sql } from "./literal.ts";

interface Parts {
  atStart: boolean;
  atEnd: boolean;
  /** What stands between the `.*`. */
  texts: string[];
}

const TOKEN = /\\([^A-Za-z0-9])|(\.\*)|([^\\^$.*+?()[\]{}|])/suy;

/** Null when the pattern says more than texts and `.*`. */
function partsOf(pattern: string): Parts | null {
  const atStart = pattern.startsWith("^");
  const texts = [""];
  let place = atStart ? 1 : 0;
  while (place < pattern.length) {
    TOKEN.lastIndex = place;
    const token = TOKEN.exec(pattern);
    if (!token) break;
    if (token[2] === undefined) texts.push(`${texts.pop()}${token[1] ?? token[3]}`);
    else texts.push("");
    place = TOKEN.lastIndex;
  }
  const atEnd = pattern.slice(place) === "$";
  return atEnd || place === pattern.length ? { atStart, atEnd, texts } : null;
}

/** `.*` at an open end says nothing. */
function trimmed({ atStart, atEnd, texts }: Parts): Parts {
  const from = !atStart && texts.length > 1 && texts[0] === "" ? 1 : 0;
  const to = !atEnd && texts.length - from > 1 && texts.at(-1) === "" ? -1 : undefined;
  return { atStart, atEnd, texts: texts.slice(from, to) };
}

function wholeText(column: string, text: string, { atStart, atEnd }: Parts): string {
  if (atStart && atEnd) return `${column} = ${literal(text)}`;
  if (text === "") return "1 = 1";
  if (atStart) return `startsWith(${column}, ${literal(text)})`;
  if (atEnd) return `endsWith(${column}, ${literal(text)})`;
  return `position(${literal(text)} IN ${column}) > 0`;
}

/** Characters that `LIKE` reads otherwise stand for any one there; the ends are compared beside it. */
function aroundAnything(column: string, [first, last]: readonly [string, string]): string {
  const loosely = [first, last].map((text) => text.replace(/[\\%_]/g, "_")).join("%");
  const parts = [
    `${column} LIKE ${literal(loosely)}`,
    ...(first === "" ? [] : [`startsWith(${column}, ${literal(first)})`]),
    ...(last === "" ? [] : [`endsWith(${column}, ${literal(last)})`]),
    // `.` is no line break.
    `position(${literal("\n")} IN ${column}) = 0`,
  ];
  return `(${parts.join(" AND ")})`;
}

/** `fold` is the case folding that `column` has had. */
export function patternSql(column: string, pattern: string, fold: (text: string) => string): Sql {
  const whole = partsOf(pattern);
  const refused = { refused: `Analytics Engine has no patterns such as ${pattern}` };
  if (!whole) return refused;
  const parts = trimmed(whole);
  const [first = "", last, ...more] = parts.texts.map(fold);
  if (last === undefined) return { sql: wholeText(column, first, parts) };
  const isPlain = parts.atStart && parts.atEnd && more.length === 0 && !`${first}${last}`.includes("\n");
  return isPlain ? { sql: aroundAnything(column, [first, last]) } : refused;
}
