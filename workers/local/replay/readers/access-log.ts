// Makes a reader of a form of access-log line.

import { type LogRequest, requestRow } from "../log-request.ts";
import type { Reader, Row } from "../row.ts";
import { splitLines } from "../split-lines.ts";
import { type AccessLine, accessLineParser } from "./access-line.ts";

export function accessLog(label: string, form: { host: boolean; agents: boolean }): Reader {
  const parse = accessLineParser(form);
  return {
    label,
    fits: (head) => shareOf(head, (line) => typeof parse(line) !== "string"),
    async *read(text, choices) {
      for await (const lines of splitLines(text)) {
        yield lines.map(({ number, text: line }): Row => {
          const parsed = parse(line);
          if (typeof parsed === "string") return { kind: "unparsable", fileLine: number, reason: parsed };
          return requestRow(toRequest(parsed), number, choices);
        });
      }
    },
  };
}

/** The part of the lines, empty ones left out, for which `test` holds. */
export function shareOf(lines: readonly string[], test: (line: string) => boolean): number {
  const filled = lines.filter((line) => line.trim() !== "");
  return filled.length === 0 ? 0 : filled.filter(test).length / filled.length;
}

/** A request line that is no HTTP stays a request, with an empty method: counted, never a page view. */
function toRequest({ request, ...line }: AccessLine): LogRequest {
  const match = /^([A-Z]+) (.+?)(?: HTTP\/[\d.]+)?$/.exec(request);
  return { ...line, method: match?.[1] ?? "", target: match?.[2] ?? "/" };
}
