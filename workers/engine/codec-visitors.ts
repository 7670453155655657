// How a block's visitors become bytes.

import { byteReader, byteWriter, readVarints } from "./bytes.ts";
import type { VisitorIndex } from "./columns.ts";
import { isPseudonym, keyOfVisitor, pseudonymOf } from "./visitor-key.ts";

const VISITORS = { text: 0, pseudonyms: 1 } as const;

/** Visitors in order of key: their ids, and how many rows each has. Keys rise, so their first words are written as steps. */
export function encodeVisitors({ high, low, starts }: VisitorIndex, ids: readonly string[]): Uint8Array {
  const count = high.length;
  const writer = byteWriter(count * 8 + 64);
  const pseudonyms = ids.every(isPseudonym);
  writer.byte(pseudonyms ? VISITORS.pseudonyms : VISITORS.text);
  writer.varint(count);
  for (let visitor = 0; visitor < count; visitor++) writer.varint(starts[visitor + 1]! - starts[visitor]!);
  if (!pseudonyms) {
    for (const id of ids) writer.text(id);
    return writer.done();
  }
  let previous = 0;
  for (const word of high) {
    writer.varint(word - previous);
    previous = word;
  }
  writer.bytes(new Uint8Array(low.buffer, low.byteOffset, low.byteLength));
  return writer.done();
}

export interface StoredVisitors extends VisitorIndex {
  /** Made when asked for: scans go by keys. */
  ids(): string[];
}

export function decodeVisitors(bytes: Uint8Array): StoredVisitors {
  const reader = byteReader(bytes);
  const form = reader.byte();
  const count = reader.varint();
  const starts = new Uint32Array(count + 1);
  const steps = new Float64Array(count);
  const afterCounts = readVarints(bytes, reader.position, steps);
  for (let visitor = 0; visitor < count; visitor++) starts[visitor + 1] = starts[visitor]! + steps[visitor]!;
  const high = new Uint32Array(count);
  if (form === VISITORS.text) {
    const texts = byteReader(bytes, afterCounts);
    const ids = Array.from({ length: count }, () => texts.text());
    const keys = ids.map(keyOfVisitor);
    return {
      high: high.map((_, visitor) => keys[visitor]!.high),
      low: Uint32Array.from(keys, ({ low }) => low),
      starts,
      ids: () => ids,
    };
  }
  const afterKeys = readVarints(bytes, afterCounts, steps);
  let previous = 0;
  for (let visitor = 0; visitor < count; visitor++) high[visitor] = previous += steps[visitor]!;
  const low = new Uint32Array(
    byteReader(bytes, afterKeys)
      .bytes(count * 4)
      .slice().buffer,
  );
  return { high, low, starts, ids: () => Array.from(high, (word, visitor) => pseudonymOf(word, low[visitor]!)) };
}
