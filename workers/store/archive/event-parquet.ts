// Events as Parquet and back, without loss but for what columns do not keep either (their ids). A row an event, nothing
// nested: whatever reads Parquet reads it. Groups of rows are small, so that encoding gives way.
import { type FileMetaData, parquetMetadata, parquetRead } from "hyparquet";
import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { Event, PackedEvent } from "../../domain/event.ts";
import { EVENT_TEXT_FIELDS, packEvent, unpackEvent } from "../../domain/event.ts";
import type { Identity } from "../../domain/subject.ts";

/** About 40 ms of encoding. */
const GROUP_ROWS = 4_096;

interface Field {
  name: string;
  type: BasicType;
  nullable: boolean;
  from(event: Event): unknown;
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const NUMBERS = ["engagementMs", "scrollDepth"] as const;

const TEXT_COLUMNS = EVENT_TEXT_FIELDS.map((name) => [name, snake(name)] as const);
const NUMBER_COLUMNS = NUMBERS.map((name) => [name, snake(name)] as const);

const json = (value: unknown) => (value === null ? null : JSON.stringify(value));

const FIELDS: readonly Field[] = [
  { name: "at", type: "TIMESTAMP", nullable: false, from: ({ at }) => new Date(Math.floor(at)) },
  // What is left of a time that was sent in parts of a millisecond; absent from all others.
  { name: "at_fraction", type: "DOUBLE", nullable: true, from: ({ at }) => (Number.isInteger(at) ? null : at) },
  { name: "received_at", type: "TIMESTAMP", nullable: false, from: ({ receivedAt }) => new Date(receivedAt) },
  ...EVENT_TEXT_FIELDS.map(
    (name): Field => ({ name: snake(name), type: "STRING", nullable: false, from: (event) => event[name] ?? "" }),
  ),
  ...NUMBERS.map(
    (name): Field => ({ name: snake(name), type: "DOUBLE", nullable: false, from: (event) => event[name] }),
  ),
  { name: "revenue_amount", type: "DOUBLE", nullable: true, from: ({ revenue }) => revenue?.amount ?? null },
  { name: "revenue_currency", type: "STRING", nullable: true, from: ({ revenue }) => revenue?.currency ?? null },
  { name: "props", type: "STRING", nullable: true, from: ({ props }) => json(props) },
  { name: "consent", type: "STRING", nullable: true, from: ({ consent }) => json(consent) },
];

export const ARCHIVE_COLUMNS = [
  ...FIELDS.map(({ name, type }) => ({ name, type: type.toLowerCase() })),
  { name: "import_id", type: "string" },
];

function columnsOf(events: readonly Event[], importId: string) {
  return [
    ...FIELDS.map(({ name, type, nullable, from }) => ({ name, type, nullable, data: events.map(from) })),
    { name: "import_id", type: "STRING" as const, nullable: false, data: events.map(() => importId) },
  ];
}

/** One file. `pause` gives way between groups of rows. */
export async function writeEvents(
  events: readonly PackedEvent[],
  { importId, about }: { importId: string; about: Readonly<Record<string, string>> },
  pause: () => Promise<void>,
): Promise<Uint8Array> {
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columnsOf([], importId) }),
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
    createdBy: "edgewise",
  });
  for (let from = 0; from < events.length; from += GROUP_ROWS) {
    const group = events.slice(from, from + GROUP_ROWS).map(unpackEvent);
    await file.write({ columnData: columnsOf(group, importId), rowGroupSize: GROUP_ROWS });
    await pause();
  }
  await file.finish();
  return writer.getBytes();
}

type Columns = Readonly<Record<string, ArrayLike<unknown> | undefined>>;

const time = (value: unknown): number => (value instanceof Date ? value.getTime() : Number(value));
const parsed = (value: unknown) => (typeof value === "string" ? JSON.parse(value) : null);

function eventAt(columns: Columns, row: number): PackedEvent {
  const cell = (name: string) => columns[name]?.[row];
  const fraction = cell("at_fraction");
  const currency = cell("revenue_currency");
  const event: Record<string, unknown> = {
    id: "",
    at: typeof fraction === "number" ? fraction : time(cell("at")),
    receivedAt: time(cell("received_at")),
    revenue: typeof currency === "string" ? { amount: Number(cell("revenue_amount")), currency } : null,
    props: parsed(cell("props")),
    consent: parsed(cell("consent")),
  };
  for (const [name, column] of TEXT_COLUMNS) event[name] = columns[column]?.[row] ?? "";
  for (const [name, column] of NUMBER_COLUMNS) event[name] = Number(columns[column]?.[row]);
  return packEvent(event as unknown as Event); // EVENT_TEXT_FIELDS, NUMBERS and the fields above are all that an event has
}

/** What the file says it has. */
export const rowsOf = (bytes: Uint8Array<ArrayBuffer>): number => Number(parquetMetadata(bytes.buffer).num_rows);

interface Asked {
  metadata: FileMetaData;
  rowStart: number;
  rowEnd: number;
  /** All, when left out. */
  columns?: string[];
}

/** A group's columns, each in one piece. */
async function columnsBetween(file: ArrayBuffer, asked: Asked) {
  const columns: Record<string, ArrayLike<unknown>> = {};
  await parquetRead({
    file,
    ...asked,
    onChunk({ columnName, columnData }) {
      const before = columns[columnName];
      columns[columnName] = before ? [...Array.from(before), ...Array.from(columnData)] : columnData;
    },
  });
  return columns;
}

/** What `at` makes of each row, a group of rows at a time. */
async function* readRows<Row>(
  bytes: Uint8Array<ArrayBuffer>,
  at: (columns: Columns, row: number) => Row,
  columns?: string[],
): AsyncGenerator<Row[]> {
  const file = bytes.buffer;
  const metadata = parquetMetadata(file);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const group = await columnsBetween(file, { metadata, rowStart, rowEnd, ...(columns && { columns }) });
    yield Array.from({ length: rowEnd - rowStart }, (_, row) => at(group, row));
    rowStart = rowEnd;
  }
}

/** Its events, a group of rows at a time. */
export const readEvents = (bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<PackedEvent[]> => readRows(bytes, eventAt);

/** Of each of its events, whom it is of: three columns. */
export const readIdentities = (bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Identity[]> =>
  readRows(
    bytes,
    ({ user_id, persistent_id, visitor_id }, row) => ({
      userId: String(user_id?.[row] ?? ""),
      persistentId: String(persistent_id?.[row] ?? ""),
      visitorId: String(visitor_id?.[row] ?? ""),
    }),
    ["user_id", "persistent_id", "visitor_id"],
  );
