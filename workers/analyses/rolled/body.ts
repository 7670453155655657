// A roll-up as the text of D1 rows. Long lists are cut into several, of which each can be read by itself.

import { MEASURES, type Measure } from "../../catalog/measure.ts";
import type { Again } from "../../engine/again.ts";
import type { Rolled, RolledRow } from "../roll-up.ts";

type StoredRow = [key: string[], counts: number[], again: Again | 0, revenue: Record<string, number> | 0];

interface Body {
  measures: readonly Measure[];
  lasting: number;
  rows: StoredRow[];
}

/** Far below the 2 MB that a value may have, so that a read of some hundred rows stays small. */
const PART_CHARS = 400_000;

function storedRow({ key, counts, again, revenue }: RolledRow): StoredRow {
  return [key, counts, again ?? 0, revenue ?? 0];
}

/** At least one; `lasting` is told by the first. */
export function bodiesOf({ rows, lasting }: Rolled): string[] {
  const parts: string[][] = [[]];
  let chars = 0;
  for (const row of rows) {
    const text = JSON.stringify(storedRow(row));
    if (chars + text.length > PART_CHARS && chars > 0) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1)!.push(text);
    chars += text.length + 1;
  }
  const measures = JSON.stringify(MEASURES);
  return parts.map(
    (part, index) => `{"measures":${measures},"lasting":${index === 0 ? lasting : 0},"rows":[${part.join(",")}]}`,
  );
}

/** Measures that were not counted when it was written are zero. */
export function rolledFrom(body: string): Rolled {
  const { measures, lasting, rows } = JSON.parse(body) as Body; // written by bodiesOf
  const places = MEASURES.map((measure) => measures.indexOf(measure));
  const same = places.every((place, index) => place === index);
  return {
    lasting,
    rows: rows.map(([key, counts, again, revenue]): RolledRow => {
      const row: RolledRow = { key, counts: same ? counts : places.map((place) => counts[place] ?? 0) };
      if (again !== 0) row.again = again;
      if (revenue !== 0) row.revenue = revenue;
      return row;
    }),
  };
}
