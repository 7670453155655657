// Text chunks to lines, in constant memory: a line beyond the limit is cut to it.

const MAX_LINE = 1024 * 1024;

export interface TextLine {
  /** From 1. */
  number: number;
  text: string;
}

/** Lines in chunks, without their LF or CRLF; a last line without line end counts, an empty one does not. */
export async function* splitLines(text: AsyncIterable<string>): AsyncGenerator<TextLine[]> {
  let rest = "";
  let number = 0;
  const lineOf = (line: string) => ({ number: ++number, text: line.endsWith("\r") ? line.slice(0, -1) : line });
  for await (const chunk of text) {
    const pieces = chunk.split("\n");
    pieces[0] = rest + pieces[0];
    rest = (pieces.pop() ?? "").slice(0, MAX_LINE);
    if (pieces.length > 0) yield pieces.map((line) => lineOf(line.slice(0, MAX_LINE)));
  }
  if (rest !== "") yield [lineOf(rest)];
}
