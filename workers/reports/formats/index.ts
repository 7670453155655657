import type { ReportFormat } from "../../domain/report.ts";
import { csv } from "./csv.ts";
import type { ReportFileFormat } from "./format.ts";
import { html } from "./html.ts";
import { parquet } from "./parquet.ts";
import { pdf } from "./pdf.ts";
import { xlsx } from "./xlsx.ts";

export const formats = { html, pdf, xlsx, csv, parquet } satisfies Record<ReportFormat, ReportFileFormat>;

export const REPORT_FILES: readonly string[] = Object.keys(formats);

const known: Readonly<Record<string, ReportFileFormat>> = formats;

export function reportFormat(name: string): ReportFileFormat | undefined {
  return Object.hasOwn(known, name) ? known[name] : undefined;
}
