// Reads text or a file as replay does, and gathers the rows.

import { firstLines, openText } from "../../../workers/local/replay/open-text.ts";
import { detectFormat, type FormatName, readers } from "../../../workers/local/replay/readers/index.ts";
import type { EventRow, ReadChoices, Row, UnparsableRow } from "../../../workers/local/replay/row.ts";

export interface ReadResult {
  format: FormatName;
  rows: Row[];
  events: EventRow["event"][];
  unparsable: UnparsableRow[];
}

const plain: ReadChoices = {
  host: "site.example",
  timeZone: "UTC",
  allRequests: false,
  mapping: { columns: {}, constants: {} },
};

/** In pieces of `piece` characters, so that no reader may rely on whole lines in a chunk. */
export async function readText(
  text: string,
  options: Partial<ReadChoices> & { format?: FormatName; piece?: number } = {},
): Promise<ReadResult> {
  const { format = detectFormat(text.split(/\r?\n/).slice(0, 100)), piece = 50, ...choices } = options;
  return gather(format, pieces(text, piece), choices);
}

export async function readFile(path: string, choices: Partial<ReadChoices> = {}): Promise<ReadResult> {
  const format = detectFormat(await firstLines(path));
  return gather(format, (await openText(path)).text, choices);
}

async function gather(format: FormatName, text: AsyncIterable<string>, choices: Partial<ReadChoices>) {
  const rows: Row[] = [];
  for await (const chunk of readers[format].read(text, { ...plain, ...choices })) rows.push(...chunk);
  return {
    format,
    rows,
    events: rows.filter((row) => row.kind === "event").map((row) => row.event),
    unparsable: rows.filter((row) => row.kind === "unparsable"),
  };
}

async function* pieces(text: string, piece: number): AsyncGenerator<string> {
  const characters = [...text];
  for (let at = 0; at < characters.length; at += piece) yield characters.slice(at, at + piece).join("");
}
