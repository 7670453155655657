// Lines of an export that are in it twice, as when two downloads are put together: told, and counted once.
import { hashed } from "../engine/visitor-key.ts";

export interface Repeats {
  /** The same in every cell as a line before: counted once. */
  same: number;
  /** Of the same day and values with other counts: added up. */
  again: number;
}

/** 53 bits, so that as many lines as are taken have room. */
function numberOf(cells: readonly string[]): number {
  const { high, low } = hashed(JSON.stringify(cells));
  return (high & 0x1fffff) * 2 ** 32 + low;
}

/** Says of each line what it repeats; `counts` are the places of the cells that count. */
export function repeatFinder(counts: ReadonlySet<number>): (cells: readonly string[]) => keyof Repeats | null {
  const lines = new Set<number>();
  const values = new Set<number>();
  return (cells) => {
    const line = numberOf(cells);
    const value = numberOf(cells.filter((_, place) => !counts.has(place)));
    if (lines.has(line)) return "same";
    const isAgain = values.has(value);
    lines.add(line);
    values.add(value);
    return isAgain ? "again" : null;
  };
}

const lines = (count: number): string => (count === 1 ? "1 line" : `${count} lines`);

export function repeatNotes(file: string, { same, again }: Repeats): string[] {
  return [
    ...(same > 0 ? [`${file}: ${lines(same)} the same as another, counted once`] : []),
    ...(again > 0 ? [`${file}: ${lines(again)} of a day and value that another line tells of, added up`] : []),
  ];
}
