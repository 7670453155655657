import { editDistance } from "../edit-distance.ts";
import type { Finding, QualityCheck } from "../finding.ts";
import { meansNothing, type ProfiledColumn, tally } from "../value-table.ts";

/** The right spelling comes at least this many times, and so many times for each time of the wrong one. */
const KNOWN = 4;
const TIMES = 5;
/** What comes more often than in this share of the texts is a name of its own, unless case and spaces alone differ. */
const RARE = 0.01;
/** Letters that may differ: a quarter, one at least, of texts of three letters or more. */
const DIFFERING = 0.25;
const SHORTEST = 3;
/** Among other words, shorter ones are codes, of which most are near another: `US-GA` and `US-CA`. */
const SHORTEST_AMONG_OTHERS = 4;
/** Columns of more different values than this are looked at word by word only. */
const WORDS_AT_MOST = 3000;

const withoutDigits = (text: string): string => text.replace(/\p{N}/gu, "0");
const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{N}]+/u).filter((word) => /\p{L}/u.test(word));
const plain = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, " ");

/** Numbers that differ are different things, so that only other signs count: `ami-1` is not a slip of `ami-2`. */
function isNear(rare: string, known: string, share = DIFFERING): boolean {
  const atMost = Math.max(1, Math.floor(share * Math.max(rare.length, known.length)));
  const distance = editDistance(rare, known, atMost);
  return distance <= atMost && editDistance(withoutDigits(rare), withoutDigits(known), atMost) === distance;
}

/** Among other words each is looked at by itself; where their number differs, it is by one sign that parts or joins. */
function isSlip(rare: string, known: string, shortest: number): boolean {
  if (plain(rare) === plain(known)) return true;
  const [own, others] = [wordsOf(rare), wordsOf(known)];
  if (own.length !== others.length) return rare.length >= shortest && isNear(rare, known, 0);
  if (own.length < 2) return rare.length >= shortest && isNear(rare, known);
  const near = own.every((word, at) => {
    const other = others[at]!;
    return word === other || (word.length >= SHORTEST_AMONG_OTHERS && isNear(word, other));
  });
  return near && isNear(rare, known);
}

/** Rare spellings and the frequent one each is a slip of; the most frequent where several are. */
function slipsOf(counts: ReadonlyMap<string, number>, shortest: number): Map<string, string> {
  const known = [...counts].filter(([, count]) => count >= KNOWN).sort((a, b) => b[1] - a[1]);
  const slips = new Map<string, string>();
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const rare = Math.max(KNOWN - 1, RARE * total);
  for (const [text, count] of counts) {
    const right = known.find(
      ([other, often]) =>
        often >= TIMES * count &&
        other !== text &&
        (count <= rare || plain(text) === plain(other)) &&
        isSlip(text, other, shortest),
    );
    if (right) slips.set(text, right[0]);
  }
  return slips;
}

/** Slips in single words, for texts that hardly repeat as a whole. */
function wordSlips(column: ProfiledColumn): Map<string, string> {
  const words = tally(column.texts.filter((text) => !meansNothing(text)).flatMap(wordsOf));
  const single = [...column.counts.keys()].every((text) => wordsOf(text).length < 2);
  return words.size > WORDS_AT_MOST ? new Map() : slipsOf(words, single ? SHORTEST : SHORTEST_AMONG_OTHERS);
}

function findingsOf(column: ProfiledColumn): Finding[] {
  const whole = column.counts.size > WORDS_AT_MOST ? new Map<string, string>() : slipsOf(column.counts, SHORTEST);
  const words = wordSlips(column);
  const vocabulary = tally(column.texts.flatMap(wordsOf));
  return column.texts.flatMap((text, row) => {
    if (meansNothing(text)) return [];
    const right = whole.get(text);
    const slips = wordsOf(text).filter((word) => words.has(word));
    // Where every word is known, the text is another one and not a slip.
    const strange = wordsOf(text).some((word) => (vocabulary.get(word) ?? 0) < KNOWN || words.has(word));
    if (right !== undefined && (strange || plain(right) === plain(text))) {
      const reason = `comes ${column.counts.get(text)} times, ${right} ${column.counts.get(right)} times`;
      return [{ row, column: column.name, fault: "misspelled", confidence: 0.85, suggestion: right, reason }];
    }
    const [word] = slips;
    if (word === undefined || column.counts.get(text)! >= KNOWN) return [];
    const mended = slips.reduce((mending, slip) => mending.replace(slip, words.get(slip)!), text);
    const reason = `${word} comes ${vocabulary.get(word)} times, ${words.get(word)} ${vocabulary.get(words.get(word)!)} times`;
    return [{ row, column: column.name, fault: "misspelled", confidence: 0.75, suggestion: mended, reason }];
  });
}

/** Rare values that a letter or a few would make a frequent one. */
export const misspelled: QualityCheck = {
  label: "Spelling",
  about: "rare values that differ by a few letters, by case or by spaces from a frequent one",
  run: ({ columns }) => columns.flatMap(findingsOf),
};
