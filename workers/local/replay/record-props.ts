// The properties of an event, from the columns that a mapping gives to them.

import type { Props, PropValue } from "../../domain/event.ts";
import type { Mapping } from "./row.ts";
import { isRecord, type TableRecord, textOf } from "./table-record.ts";

const PREFIX = "props.";
const MAX_TEXT = 2000;

type Source = (record: TableRecord) => Iterable<readonly [string, unknown]>;

/** Makes the function that reads a record's properties; an event without any gets no `props`. */
export function propertyReader(mapping: Mapping): (record: TableRecord) => { props?: Props } {
  const sources = propertySources(mapping);
  if (sources.length === 0) return () => ({});
  return (record) => {
    const props: Props = {};
    for (const source of sources) {
      for (const [key, value] of source(record)) {
        const accepted = propertyValue(value);
        if (accepted !== undefined) props[key] = accepted;
      }
    }
    return Object.keys(props).length > 0 ? { props } : {};
  };
}

/** The strings of a list as ClickHouse writes it: `['it\'s','b']`. */
export function listLiteral(text: string): string[] {
  return [...text.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1"));
}

function propertySources({ columns, constants }: Mapping): Source[] {
  const { props, propKeys, propValues } = columns;
  const taken = new Set(Object.values(columns));
  const sources: Source[] = [];
  if (props === "*") {
    sources.push((record) => Object.entries(record).filter(([column]) => !taken.has(column)));
  } else if (props !== undefined) {
    sources.push((record) => Object.entries(objectOf(record[props])));
  }
  if (propKeys !== undefined && propValues !== undefined) {
    sources.push((record) => {
      const values = listLiteral(textOf(record[propValues]));
      return listLiteral(textOf(record[propKeys])).map((key, i) => [key, values[i]] as const);
    });
  }
  for (const [field, column] of Object.entries(columns)) {
    if (field.startsWith(PREFIX)) sources.push((record) => [[field.slice(PREFIX.length), record[column]]]);
  }
  for (const [field, value] of Object.entries(constants)) {
    if (field.startsWith(PREFIX)) sources.push(() => [[field.slice(PREFIX.length), value]]);
  }
  return sources;
}

/** A JSON object, or the text of one. */
function objectOf(value: unknown): TableRecord {
  if (isRecord(value)) return value;
  const text = textOf(value);
  if (!text.startsWith("{")) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function propertyValue(value: unknown): PropValue | undefined {
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "string") return textOf(value).slice(0, MAX_TEXT) || undefined;
  if (Array.isArray(value)) return value.map(propertyValue).filter((item) => item !== undefined);
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).map(([key, inner]) => [key, propertyValue(inner)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, PropValue] => entry[1] !== undefined));
}
