// Makes a reader of a table: a header line, values between delimiters, quoted as RFC 4180 says.

import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { mappingFor } from "../mapping.ts";
import { recordReader } from "../record-event.ts";
import type { ReadChoices, Reader, Row } from "../row.ts";

const CHUNK_ROWS = 500;
const MAX_RECORD = 1024 * 1024;

/** What csv-parse yields with `info`: the values, and the line in the file that the record ends on. */
interface CsvRecord {
  record: string[];
  info: { lines: number };
}

/** `delimiters`: the one that the header line holds most often is taken. */
export function delimited(label: string, delimiters: readonly string[]): Reader {
  return {
    label,
    fits: (head) => (countOf(head[0] ?? "", mostFrequent(head[0] ?? "", delimiters)) > 0 ? 0.6 : 0),
    async *read(text, choices) {
      const bad: Row[] = [];
      let rows: Row[] = [];
      let toRow: ((item: CsvRecord) => Row) | null = null;
      try {
        for await (const item of records(text, delimiters, bad)) {
          if (toRow === null) toRow = tableReader(item.record, choices);
          else rows.push(toRow(item));
          if (rows.length < CHUNK_ROWS) continue;
          yield [...rows, ...bad.splice(0)];
          rows = [];
        }
      } catch (error) {
        if (!(error instanceof CsvError)) throw error;
        rows.push(unparsable(error));
      }
      yield [...rows, ...bad];
    },
  };
}

/** An event's identity is its place among the records that can be read, so that it does not hang on timing. */
function tableReader(header: readonly string[], choices: ReadChoices): (item: CsvRecord) => Row {
  const names = header.map((name) => name.trim());
  const toRow = recordReader({ ...choices, mapping: mappingFor(names, choices.mapping) });
  let line = 0;
  return ({ record, info }) => {
    const position = { line: line++, fileLine: info.lines };
    if (record.length !== names.length) {
      const reason = `${record.length} values for ${names.length} columns`;
      return { kind: "unparsable", fileLine: info.lines, reason };
    }
    return toRow(Object.fromEntries(names.map((name, i) => [name, record[i]])), position);
  };
}

async function* records(text: AsyncIterable<string>, delimiters: readonly string[], bad: Row[]) {
  const input = text[Symbol.asyncIterator]();
  const first = await input.next();
  if (first.done === true) return;
  const header = first.value.split("\n", 1)[0] ?? "";
  const parser = parse({
    delimiter: mostFrequent(header, delimiters),
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD,
    on_skip: (error) => {
      // One record can hold several errors.
      if (error !== undefined && bad.at(-1)?.fileLine !== lineOf(error)) bad.push(unparsable(error));
      return undefined;
    },
  });
  const whole = Readable.from(joined(first.value, input), { objectMode: false });
  whole.on("error", (error) => parser.destroy(error));
  yield* whole.pipe(parser) as AsyncIterable<CsvRecord>; // the shape that `info` gives, which the types leave out
}

async function* joined(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function unparsable(error: CsvError): Row {
  return { kind: "unparsable", fileLine: lineOf(error), reason: reasonOf(error) };
}

function lineOf(error: CsvError): number {
  const lines: unknown = error.lines;
  return typeof lines === "number" ? lines : 0;
}

function reasonOf(error: CsvError): string {
  if (error.code === "CSV_QUOTE_NOT_CLOSED") return "a quote is not closed";
  if (error.code === "CSV_MAX_RECORD_SIZE") return "the record is longer than 1 MB";
  return "a quote stands where none may, or is not closed";
}

function mostFrequent(line: string, delimiters: readonly string[]): string {
  const byCount = [...delimiters].sort((a, b) => countOf(line, b) - countOf(line, a));
  return byCount[0] ?? ",";
}

function countOf(line: string, delimiter: string): number {
  return line.split(delimiter).length - 1;
}
