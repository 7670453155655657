// The line shared by the common, combined and virtual-host log formats of Apache and nginx.

import { logTime } from "../times.ts";

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const COMMON = `(\\S+) \\S+ (?:\\S.*?) \\[([^\\]]+)\\] ${QUOTED} (\\d{3}) (?:\\d+|-)`;
const AGENTS = ` ${QUOTED} ${QUOTED}`;

export interface AccessLine {
  at: number;
  host?: string;
  address: string;
  request: string;
  status: number;
  referrer?: string;
  userAgent?: string;
}

interface LineForm {
  /** A virtual host stands before the address. */
  host: boolean;
  /** Referrer and user agent follow. */
  agents: boolean;
}

/** A parser of one form of line; what follows the user agent is ignored, an unclosed quote is refused. */
export function accessLineParser(form: LineForm): (line: string) => AccessLine | string {
  const pattern = new RegExp(
    `^${form.host ? "([^\\s:]+)(?::\\d+)? " : "()"}${COMMON}${form.agents ? `${AGENTS}(?= |$)` : "$"}`,
  );
  return (line) => {
    const match = pattern.exec(line);
    if (match === null) return whyNot(line, form);
    const [, host = "", address = "", time = "", request = "", status] = match;
    const referrer = known(match[6] ?? "");
    const userAgent = known(match[7] ?? "");
    const at = logTime(time);
    if (at === null) return `no time in [${time.slice(0, 40)}]`;
    return {
      at,
      address,
      request: unescaped(request),
      status: Number(status),
      ...(host !== "" && { host }),
      ...(referrer !== "" && { referrer }),
      ...(userAgent !== "" && { userAgent }),
    };
  };
}

/** Absent values are written as a dash or as nothing. */
function known(value: string): string {
  return value === "-" ? "" : unescaped(value);
}

function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\(["\\])/g, "$1") : text;
}

function whyNot(line: string, form: LineForm): string {
  if (line.trim() === "") return "the line is empty";
  const quotes = line.replace(/\\./g, "").split('"').length - 1;
  if (quotes % 2 === 1) return "a quote is not closed";
  if (form.agents && quotes < 6) return "referrer and user agent are missing";
  return "the line does not have the fields of an access log";
}
