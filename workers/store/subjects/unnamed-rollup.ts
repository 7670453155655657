// A roll-up's stored text without names in its keys. Rows that have the same key afterwards become one.

type Counts = Record<string, number>;
type Row = [key: string[], counts: number[], again: Counts | 0, byCurrency: Counts | 0];

function plus(a: Counts | 0, b: Counts | 0): Counts | 0 {
  if (a === 0 || b === 0) return a || b;
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function together(a: Row, b: Row): Row {
  return [a[0], a[1].map((count, place) => count + (b[1][place] ?? 0)), plus(a[2], b[2]), plus(a[3], b[3])];
}

/** Null when it names nobody. */
export function unnamedRollup(body: string, erase: (text: string) => string): string | null {
  const { rows, ...rest } = JSON.parse(body) as { rows: Row[] }; // written by the roll-up's bodiesOf
  let named = false;
  const byKey = new Map<string, Row>();
  for (const [key, ...counts] of rows) {
    const left = key.map(erase);
    named ||= left.some((text, place) => text !== key[place]);
    const row: Row = [left, ...counts];
    const id = JSON.stringify(left);
    const before = byKey.get(id);
    byKey.set(id, before ? together(before, row) : row);
  }
  return named ? JSON.stringify({ ...rest, rows: [...byKey.values()] }) : null;
}
