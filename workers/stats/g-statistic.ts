/** Two groups, each at two times. */
export type Fourfold = readonly [readonly [number, number], readonly [number, number]];

/**
 * How clearly the two rows of a fourfold table differ in their shares: G = 2 Σ observed ln(observed / expected) (Woolf 1957;
 * Sokal and Rohlf, Biometry, chapter 17). Near χ² with one degree of freedom for counts of five and more; of counts that spread more
 * than chance alone makes them, divide by that excess. 0 where a row or column is empty.
 */
export function gStatistic(table: Fourfold): number {
  const rows = table.map(([one, other]) => one + other);
  const columns = [0, 1].map((column) => table[0][column]! + table[1][column]!);
  const total = rows[0]! + rows[1]!;
  if ([...rows, ...columns].some((size) => size <= 0)) return 0;
  const parts = table.flatMap((row, i) =>
    row.map((observed, j) => (observed > 0 ? observed * Math.log((observed * total) / (rows[i]! * columns[j]!)) : 0)),
  );
  return Math.max(0, 2 * parts.reduce((sum, part) => sum + part, 0));
}
