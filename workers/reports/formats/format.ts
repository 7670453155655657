import type { ReportDocument } from "../../domain/report-document.ts";

/** A kind of file that a report can be had as. */
export interface ReportFileFormat {
  label: string;
  /** MIME type. */
  contentType: string;
  /** Without the dot. */
  extension: string;
  write(document: ReportDocument): Promise<Uint8Array | string>;
}

export function defineReportFormat(format: ReportFileFormat): ReportFileFormat {
  return format;
}
