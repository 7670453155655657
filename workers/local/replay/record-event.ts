// A record of named values to an event, by a mapping.

import type { ImportedEvent } from "../../domain/beacon.ts";
import { PAGEVIEW } from "../../domain/event.ts";
import { knownName } from "./known-names.ts";
import { fitted, shortVisitor } from "./log-request.ts";
import type { Field } from "./mapping.ts";
import { propertyReader } from "./record-props.ts";
import type { ReadChoices, Row } from "./row.ts";
import { type TableRecord, textOf } from "./table-record.ts";
import { writtenTime } from "./times.ts";
import { wallClock } from "./wall-clock.ts";

type Values = (field: Field) => string;
type PlainFields = Partial<Record<(typeof PLAIN)[number], string>>;

const PLAIN = [
  ...(["title", "userAgent", "userId", "persistentId", "source", "channel", "country", "region", "city"] as const),
  ...(["browser", "browserVersion", "os", "osVersion", "device", "language"] as const),
] as const;
const UTM = ["source", "medium", "campaign", "term", "content"] as const;

export interface Position {
  /** From 0: the event's identity within its import. */
  line: number;
  fileLine: number;
}

/** Of a longer table later repetitions are no longer known: ids are kept in memory. */
const MOST_IDS = 4_000_000;

/** Whether the id was there before. A line without one is never a repetition. */
function repetitions(): (id: string) => boolean {
  const ids = new Set<string>();
  return (id) => {
    if (id === "") return false;
    if (ids.has(id)) return true;
    if (ids.size < MOST_IDS) ids.add(id);
    return false;
  };
}

/** Makes the function that turns one record into a row. */
export function recordReader(choices: ReadChoices): (record: TableRecord, position: Position) => Row {
  const { columns, constants, leftOut } = choices.mapping;
  const isRepeated = repetitions();
  const clock = wallClock(choices.timeZone);
  const propsOf = propertyReader(choices.mapping);
  return (record, { line, fileLine }) => {
    const values: Values = (field) => constants[field] ?? textOf(record[columns[field] ?? ""]);
    const refuse = (reason: string): Row => ({ kind: "unparsable", fileLine, reason });
    const reason = leftOut?.(record) ?? null;
    if (reason !== null) return { kind: "skipped", fileLine, reason };
    const at = writtenTime(values("at"), clock.toUtc);
    if (at === null) return refuse(`no time in ${JSON.stringify(values("at").slice(0, 40))}`);
    const visitor = visitorOf(values);
    if (visitor === "") return refuse("no visitor");
    if (isRepeated(values("id"))) return { kind: "skipped", fileLine, reason: "repeats the id of an earlier line" };
    const address = values("ip");
    const event: ImportedEvent = {
      line,
      at,
      name: values("name") || PAGEVIEW,
      url: urlOf(values, choices.host),
      visitor: shortVisitor(visitor),
      ...plainFields(values),
      ...referrerOf(values),
      ...numbersOf(values),
      ...revenueOf(values),
      ...utmOf(values),
      ...propsOf(record),
    };
    return { kind: "event", fileLine, event, ...(address !== "" && { address }) };
  };
}

function visitorOf(values: Values): string {
  const named = values("visitor") || values("persistentId") || values("userId");
  if (named !== "") return named;
  const address = values("ip");
  return address === "" ? "" : `${address}\n${values("userAgent")}`;
}

function urlOf(values: Values, defaultHost: string): string {
  const url = values("url");
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return fitted(url);
  const path = url || values("path") || "/";
  const host = values("host") || defaultHost;
  return fitted(`https://${host}${path.startsWith("/") ? "" : "/"}${path}`);
}

function plainFields(values: Values): PlainFields {
  const fields: PlainFields = {};
  for (const field of PLAIN) {
    const value = values(field);
    if (value !== "" && !isUnknown(field, value)) fields[field] = knownName(field, value);
  }
  return fields;
}

/** Plausible writes 0 for an unknown city and two NULs or ZZ for an unknown country; other tables hold names of countries. */
function isUnknown(field: string, value: string): boolean {
  if (field === "city") return value === "0";
  return field === "country" && (value === "ZZ" || !/^[A-Za-z]{2}$/.test(value));
}

function referrerOf(values: Values): { referrer?: string } {
  const referrer = values("referrer");
  if (referrer === "") return {};
  return { referrer: fitted(/^[a-z][a-z0-9+.-]*:/i.test(referrer) ? referrer : `https://${referrer}`) };
}

function numbersOf(values: Values): { engagement?: number; scroll?: number } {
  const engagement = numberOf(values("engagement"));
  const scroll = numberOf(values("scroll"));
  return {
    ...(engagement !== null && engagement >= 0 && { engagement }),
    // Plausible writes 255 where nothing was measured.
    ...(scroll !== null && scroll >= 0 && scroll <= 100 && { scroll }),
  };
}

function revenueOf(values: Values): Pick<ImportedEvent, "revenue"> {
  const amount = numberOf(values("revenue"));
  const currency = values("currency").toUpperCase();
  if (amount === null || !/^[A-Z]{3}$/.test(currency)) return {};
  return { revenue: { amount, currency } };
}

function numberOf(text: string): number | null {
  if (text === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

function utmOf(values: Values): Pick<ImportedEvent, "utm"> {
  const utm: NonNullable<ImportedEvent["utm"]> = {};
  for (const part of UTM) {
    const value = values(`utm.${part}`);
    if (value !== "") utm[part] = value;
  }
  return Object.keys(utm).length > 0 ? { utm } : {};
}
