import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BODY_CHARS, type LogRow } from "../../../durable-objects/site-shard/log.ts";
import { packRows } from "../../../durable-objects/site-shard/outbox.ts";

const D1_ROW_BYTES = 2_000_000;

function aRow(seq: number, fields: Partial<LogRow> = {}): LogRow {
  return { seq, importId: "", atMin: seq, atMax: seq, receivedAt: seq, count: 1, body: `[${seq}]`, ...fields };
}

const row = fc.record({
  importId: fc.constantFrom("", "", "a", "b"),
  count: fc.integer({ min: 1, max: 4 }),
  gap: fc.integer({ min: 1, max: 5 }),
  receivedAt: fc.nat(1000),
});
const log = fc.array(row, { maxLength: 40 }).map((rows) => {
  let seq = 0;
  return rows.map(({ gap, count, ...fields }) => {
    seq += gap;
    const body = Array.from({ length: count }, (_, i) => `["${seq}.${i}"]`).join(",");
    return aRow(seq, { ...fields, count, body });
  });
});

describe("packing log rows for D1", () => {
  it("keeps every event once, in order, under its import, and the same rows give the same result", () => {
    fc.assert(
      fc.property(log, (rows) => {
        const packed = packRows(rows);
        expect(packed.flatMap(({ body }) => JSON.parse(body))).toEqual(
          rows.flatMap(({ body }) => JSON.parse(`[${body}]`)),
        );
        expect(packed.reduce((sum, { count }) => sum + count, 0)).toBe(rows.reduce((sum, { count }) => sum + count, 0));
        for (const { body, count } of packed) expect(JSON.parse(body)).toHaveLength(count);
        expect(new Set(packed.map(({ seq }) => seq)).size).toBe(packed.length);
        for (const [i, one] of packed.entries()) {
          const next = packed[i + 1]?.seq ?? Number.POSITIVE_INFINITY;
          const own = rows.filter(({ seq }) => seq >= one.seq && seq < next);
          expect(own.every(({ importId }) => importId === one.importId)).toBe(true);
          expect(one.receivedAt).toBe(Math.max(...own.map(({ receivedAt }) => receivedAt)));
        }
        expect(packRows(rows)).toEqual(packed);
      }),
    );
  });

  it("makes rows that fit D1 whatever letters they hold", () => {
    const wide = JSON.stringify(["漢".repeat(BODY_CHARS / 4 - 10)]);
    const packed = packRows(Array.from({ length: 9 }, (_, seq) => aRow(seq + 1, { body: wide })));
    expect(packed.length).toBeGreaterThan(1);
    for (const { body } of packed) expect(new TextEncoder().encode(body).length).toBeLessThan(D1_ROW_BYTES);
  });

  it("makes nothing of nothing", () => {
    expect(packRows([])).toEqual([]);
  });
});
