import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { defineFormat } from "../format.ts";
import type { Cell, Column } from "../table.ts";

/** Rows of a group: enough for its columns to compress well, few enough to hold in memory. */
const GROUP_ROWS = 20_000;

const TYPES = { text: "STRING", number: "DOUBLE", time: "TIMESTAMP" } as const;

function columnData(columns: readonly Column[], rows: readonly Cell[][]) {
  return columns.map(({ name, type }, place) => ({
    name,
    type: TYPES[type],
    nullable: true,
    data: rows.map((row) => {
      const cell = row[place] ?? null;
      return type === "time" && typeof cell === "number" ? new Date(cell) : cell;
    }),
  }));
}

/** What was written since the last time. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

/** Thrift for "0 rows, and an empty list of", after which the library leaves out that it is one of row groups. */
const NO_GROUPS = [0x16, 0x00, 0x19] as const;
const LIST_OF_NOTHING = 0x00;
const LIST_OF_STRUCTS = 0x0c;

/** Readers that check the kind of an empty list refuse the file as the library writes it. */
function mendNoGroups(footer: Uint8Array): Uint8Array {
  const place = footer.findIndex(
    (_, at) =>
      NO_GROUPS.every((byte, i) => footer[at + i] === byte) && footer[at + NO_GROUPS.length] === LIST_OF_NOTHING,
  );
  if (place < 0) throw new Error("a Parquet file without rows is not written as expected");
  return footer.with(place + NO_GROUPS.length, LIST_OF_STRUCTS);
}

/** A group of rows at a time; what the table is about stands in the file's own metadata. */
export const parquet = defineFormat({
  label: "Parquet",
  type: "application/vnd.apache.parquet",
  ending: "parquet",
  async *write({ facts, columns, rows }) {
    const writer = new ByteWriter();
    const file = new ParquetWriter({
      writer,
      schema: schemaFromColumnData({ columnData: columnData(columns, []) }),
      kvMetadata: facts.map(([key, value]) => ({ key, value })),
      createdBy: "edgewise",
    });
    let waiting: Cell[][] = [];
    const group = async () => {
      await file.write({ columnData: columnData(columns, waiting), rowGroupSize: GROUP_ROWS });
      waiting = [];
      return taken(writer);
    };
    for await (const some of rows) {
      for (const row of some) waiting.push(row);
      if (waiting.length >= GROUP_ROWS) yield await group();
    }
    if (waiting.length > 0) yield await group();
    await file.finish();
    yield file.row_groups.length > 0 ? taken(writer) : mendNoGroups(taken(writer));
  },
});
