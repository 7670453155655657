import { bytesOf, defineFormat } from "../format.ts";
import { objectOf } from "../object-of.ts";

/** `{ "about": { … }, "rows": [ … ] }` */
export const json = defineFormat({
  label: "JSON",
  type: "application/json",
  ending: "json",
  async *write({ facts, columns, rows }) {
    yield bytesOf(`{"about":${JSON.stringify(Object.fromEntries(facts))},"rows":[`);
    let separator = "";
    for await (const some of rows) {
      if (some.length === 0) continue;
      yield bytesOf(separator + some.map((row) => JSON.stringify(objectOf(row, columns))).join(","));
      separator = ",";
    }
    yield bytesOf("]}\n");
  },
});
