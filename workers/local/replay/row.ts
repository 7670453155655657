// What a reader makes of a file: rows in file order, each an event, a line left out by a rule, or a line it cannot read.

import type { ImportedEvent } from "../../domain/beacon.ts";
import type { TableRecord } from "./table-record.ts";

/** An event to send. `line` in it is its identity within the import; `address` is the sender's, where the file names it. */
export interface EventRow {
  kind: "event";
  /** Physical line in the file, from 1, for messages. */
  fileLine: number;
  event: ImportedEvent;
  address?: string;
}

/** A good line that is no event by the rule in force, such as a request for an image. */
export interface SkippedRow {
  kind: "skipped";
  fileLine: number;
  /** Where there are several rules: which. */
  reason?: string;
}

export interface UnparsableRow {
  kind: "unparsable";
  fileLine: number;
  reason: string;
}

export type Row = EventRow | SkippedRow | UnparsableRow;

/** Choices that turn lines into events; equal choices over an equal file give equal rows. */
export interface ReadChoices {
  /** Host of pages whose line names none. */
  host: string;
  /** Zone of times without one. */
  timeZone: string;
  /** Requests that are no page view become events named `request` instead of being left out. */
  allRequests: boolean;
  mapping: Mapping;
}

/** Where an event's fields come from, in files with named columns. */
export interface Mapping {
  /** Field → column. `props.plan` → the property `plan`; `props` → `*` takes every column not used elsewhere. */
  columns: Record<string, string>;
  /** Field → one value for every line. */
  constants: Record<string, string>;
  /** Of a known table: why the line is no event of the site, or null. */
  leftOut?: ((record: TableRecord) => string | null) | undefined;
}

export interface Reader {
  label: string;
  /** How well the file's first lines fit, 0 to 1. */
  fits(head: readonly string[]): number;
  /** Rows in chunks, in file order. Ends or throws; a bad line is a row, never an exception. */
  read(text: AsyncIterable<string>, choices: ReadChoices): AsyncIterable<Row[]>;
}
