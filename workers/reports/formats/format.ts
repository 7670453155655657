import type { ReportDocument } from "../../domain/report-document.ts";

export interface ReportFilePorts {
  /** The bytes of a font of `domain/report-fonts.ts`, by its file's name; rejects where they cannot be had. */
  font(file: string): Promise<Uint8Array>;
}

/** A kind of file that a report can be had as. */
export interface ReportFileFormat {
  label: string;
  /** MIME type. */
  contentType: string;
  /** Without the dot. */
  extension: string;
  write(document: ReportDocument, ports: ReportFilePorts): Promise<Uint8Array | string>;
}

export function defineReportFormat(format: ReportFileFormat): ReportFileFormat {
  return format;
}
