// Reads what Prometheus scrapes, by the published grammars of the text format 0.0.4 and of OpenMetrics 1.0, and refuses all
// that they do not allow.

export interface ReadSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface ReadFamily {
  name: string;
  type: string;
  help: string;
  samples: ReadSample[];
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|Inf)$|^NaN$/;
const TYPES = {
  text: ["counter", "gauge", "histogram", "summary", "untyped"],
  openmetrics: ["counter", "gauge", "histogram", "gaugehistogram", "stateset", "info", "summary", "unknown"],
};

type Format = keyof typeof TYPES;

class Refused extends Error {}

function unescaped(text: string, allowed: string): string {
  return text.replace(/\\(.?)/gs, (_, sign: string) => {
    if (sign === "" || !allowed.includes(sign)) throw new Refused(`no escape \\${sign}`);
    return sign === "n" ? "\n" : sign;
  });
}

function readLabels(text: string): [labels: Record<string, string>, length: number] {
  const labels: Record<string, string> = {};
  let at = 1;
  while (text[at] !== "}") {
    if (at > 1 && text[at++] !== ",") throw new Refused("labels need commas between");
    LABEL_NAME.lastIndex = at;
    const name = LABEL_NAME.exec(text)?.[0];
    if (name === undefined || name.startsWith("__")) throw new Refused(`no label's name at ${at}`);
    if (Object.hasOwn(labels, name)) throw new Refused(`label ${name} twice`);
    at += name.length;
    const value = /="((?:[^"\\]|\\.)*)"/sy;
    value.lastIndex = at;
    const found = value.exec(text);
    if (!found) throw new Refused(`no value of label ${name}`);
    labels[name] = unescaped(found[1]!, '\\n"');
    at += found[0].length;
  }
  return [labels, at + 1];
}

function readSample(line: string): ReadSample {
  const name = /^[^\s{]*/.exec(line)![0];
  if (!METRIC_NAME.test(name)) throw new Refused(`no metric's name: ${line}`);
  const rest = line.slice(name.length);
  const [labels, length] = rest.startsWith("{") ? readLabels(rest) : [{}, 0];
  const [, value = ""] = /^ (\S+)$/.exec(rest.slice(length)) ?? [];
  if (!NUMBER.test(value)) throw new Refused(`no number: ${line}`);
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

const SUFFIXES = {
  text: { counter: [""], gauge: [""] },
  openmetrics: { counter: ["_total", "_created"], gauge: [""] },
};

function checkFamily({ name, type, samples }: ReadFamily, format: Format): void {
  if (type !== "counter" && type !== "gauge") throw new Refused(`${name} is neither a counter nor a gauge`);
  if (type === "counter" && format === "text" && !name.endsWith("_total")) throw new Refused(`${name} lacks _total`);
  const seen = new Set<string>();
  for (const { name: own, labels, value } of samples) {
    if (!SUFFIXES[format][type].some((suffix) => own === name + suffix)) throw new Refused(`${own} is not of ${name}`);
    if (type === "counter" && !(value >= 0)) throw new Refused(`counter ${own} is ${value}`);
    const key = `${own}${JSON.stringify(Object.entries(labels).sort())}`;
    if (seen.has(key)) throw new Refused(`${key} twice`);
    seen.add(key);
  }
}

/** The families in their order; throws with the reason. */
export function readExposition(text: string, format: Format): ReadFamily[] {
  if (text !== "" && !text.endsWith("\n")) throw new Refused("the last line lacks its end");
  const lines = text.split("\n").slice(0, -1);
  if (format === "openmetrics" && lines.pop() !== "# EOF") throw new Refused("lacks # EOF");
  const families = new Map<string, ReadFamily>();
  let current: ReadFamily | undefined;
  for (const line of lines) {
    const [, keyword, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line) ?? [];
    if (keyword === undefined) {
      if (line.startsWith("#") || line === "") throw new Refused(`neither comments nor blank lines: ${line}`);
      if (!current || current.type === "") throw new Refused(`no type before ${line}`);
      current.samples.push(readSample(line));
      continue;
    }
    if (!METRIC_NAME.test(name)) throw new Refused(`no metric's name: ${line}`);
    if (current?.name !== name) {
      if (families.has(name)) throw new Refused(`${name} is in two places`);
      current = { name, type: "", help: "", samples: [] };
      families.set(name, current);
    }
    if (current.samples.length > 0 || (keyword === "TYPE" ? current.type : current.help) !== "") {
      throw new Refused(`${keyword} of ${name} comes late or twice`);
    }
    if (keyword === "HELP") current.help = unescaped(rest, format === "text" ? "\\n" : '\\n"');
    else if (TYPES[format].includes(rest)) current.type = rest;
    else throw new Refused(`no type ${rest}`);
  }
  for (const family of families.values()) checkFamily(family, format);
  return [...families.values()];
}
