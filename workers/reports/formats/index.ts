import type { ReportFormat } from "../../domain/report.ts";
import type { ReportFileFormat } from "./format.ts";
import { html } from "./html.ts";

export const formats = { html } satisfies Partial<Record<ReportFormat, ReportFileFormat>>;

export const REPORT_FILES: readonly string[] = Object.keys(formats);

const known: Readonly<Record<string, ReportFileFormat>> = formats;

export function reportFormat(name: string): ReportFileFormat | undefined {
  return Object.hasOwn(known, name) ? known[name] : undefined;
}
