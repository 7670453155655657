import type { Format } from "../format.ts";
import { csv } from "./csv.ts";
import { json } from "./json.ts";
import { ndjson } from "./ndjson.ts";
import { parquet } from "./parquet.ts";
import { xlsx } from "./xlsx.ts";

export const formats = { csv, xlsx, json, ndjson, parquet } as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export const FORMAT_NAMES = Object.keys(formats) as FormatName[]; // its own keys
