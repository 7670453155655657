// W3C extended log format, as IIS (spaces, `+` for a space in a value) and CloudFront (tabs, percent-encoding) write it.

import { type LogRequest, requestRow } from "../log-request.ts";
import type { ReadChoices, Reader, Row } from "../row.ts";
import { splitLines, type TextLine } from "../split-lines.ts";
import { writtenTime } from "../times.ts";

const FIELDS = /^#Fields:\s*(.*)$/i;

/** The `#Fields` line may come again, as it does where a server restarted. Times are UTC, as the format says. */
export const w3c: Reader = {
  label: "W3C extended log",
  fits: (head) => (head.some((line) => FIELDS.test(line)) ? 1 : 0),
  async *read(text, choices) {
    let fields: string[] = [];
    const rowOf = (line: TextLine): Row | null => {
      const declared = FIELDS.exec(line.text)?.[1];
      if (declared !== undefined) fields = declared.trim().split(/\s+/);
      if (line.text.startsWith("#") || line.text.trim() === "") return null;
      return lineRow(line, fields, choices);
    };
    for await (const lines of splitLines(text)) {
      yield lines.map(rowOf).filter((row) => row !== null);
    }
  },
};

function lineRow(line: TextLine, fields: readonly string[], choices: ReadChoices): Row {
  const refuse = (reason: string): Row => ({ kind: "unparsable", fileLine: line.number, reason });
  if (fields.length === 0) return refuse("no #Fields line came before");
  const tabs = line.text.includes("\t");
  const values = line.text.trim().split(tabs ? /\t/ : / +/);
  if (values.length !== fields.length) return refuse(`${values.length} values for ${fields.length} fields`);
  const value = (...names: string[]) => {
    const found = values[fields.findIndex((field) => names.includes(field.toLowerCase()))] ?? "-";
    return found === "-" ? "" : found;
  };
  const request = toRequest(value, tabs);
  return typeof request === "string" ? refuse(request) : requestRow(request, line.number, choices);
}

function toRequest(value: (...names: string[]) => string, percentEncoded: boolean): LogRequest | string {
  const at = writtenTime(`${value("date")} ${value("time")}`, (wallMs) => wallMs);
  if (at === null) return "no date and time";
  const path = value("cs-uri-stem", "cs-uri");
  const address = value("c-ip");
  if (path === "" || address === "") return "no cs-uri-stem or no c-ip";
  const query = value("cs-uri-query");
  const spaced = percentEncoded ? percentDecoded : (text: string) => text.replaceAll("+", " ");
  const referrer = value("cs(referer)");
  const userAgent = spaced(value("cs(user-agent)"));
  const host = value("x-host-header", "cs-host", "cs(host)");
  return {
    at,
    address,
    method: value("cs-method"),
    target: query === "" ? path : `${path}?${query}`,
    status: Number(value("sc-status")),
    ...(host !== "" && { host }),
    ...(referrer !== "" && { referrer }),
    ...(userAgent !== "" && { userAgent }),
  };
}

/** Decoded until no escape is left, twice at most: CloudFront once wrote them double. */
function percentDecoded(text: string): string {
  try {
    const once = decodeURIComponent(text);
    return /%[0-9a-f]{2}/i.test(once) ? decodeURIComponent(once) : once;
  } catch {
    return text;
  }
}
