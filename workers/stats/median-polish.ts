import { median } from "./median.ts";

const ROUNDS = 10;
const ENOUGH = 0.01;

export interface TwoWayFit {
  overall: number;
  rows: number[];
  columns: number[];
}

type Cells = (number | null)[][];

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const middle = (values: readonly (number | null)[]): number => (known(values).length > 0 ? median(known(values)) : 0);
const unlike = (cells: Cells): number => known(cells.flat()).reduce((sum, value) => sum + Math.abs(value), 0);

/** Takes the middle out of effects, to be told once. */
function centre(effects: number[]): number {
  const own = middle(effects);
  for (const place of effects.keys()) effects[place]! -= own;
  return own;
}

/**
 * value ≈ overall + row + column, by medians of rows and of columns taken out in turn (Tukey, Exploratory Data Analysis, 1977).
 * Wild cells move it only where they are half of a row or of a column. Cells that are null are not known; of a row or a column
 * without any known cell the effect is 0.
 */
export function medianPolish(table: readonly (readonly (number | null)[])[]): TwoWayFit {
  const left: Cells = table.map((row) => [...row]);
  const rows = table.map(() => 0);
  const columns = (table[0] ?? []).map(() => 0);
  let overall = 0;
  let before = Number.POSITIVE_INFINITY;
  const takeOut = (effect: number, cells: readonly (readonly [row: number, column: number])[]) => {
    for (const [row, column] of cells) {
      const value = left[row]![column]!;
      if (value !== null) left[row]![column] = value - effect;
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of rows.keys()) {
      const own = middle(left[row]!);
      rows[row]! += own;
      takeOut(
        own,
        columns.map((_, column) => [row, column]),
      );
    }
    overall += centre(columns);
    for (const column of columns.keys()) {
      const own = middle(left.map((row) => row[column] ?? null));
      columns[column]! += own;
      takeOut(
        own,
        rows.map((_, row) => [row, column]),
      );
    }
    overall += centre(rows);
    const now = unlike(left);
    if (now === 0 || before - now < ENOUGH * before) break;
    before = now;
  }
  return { overall, rows, columns };
}
