import { bytesOf, defineFormat } from "../format.ts";
import { objectOf } from "../object-of.ts";

/** An object a line; what the table is about is told by the response's headers. */
export const ndjson = defineFormat({
  label: "JSON lines",
  type: "application/x-ndjson",
  ending: "ndjson",
  async *write({ columns, rows }) {
    for await (const some of rows) {
      if (some.length > 0) yield bytesOf(some.map((row) => `${JSON.stringify(objectOf(row, columns))}\n`).join(""));
    }
  },
});
