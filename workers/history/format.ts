import type { FieldError } from "../domain/errors.ts";
import type { HistoryTool } from "../domain/history.ts";
import type { Gathering } from "./content.ts";

export interface ExportFile {
  /** Without folders. */
  name: string;
  text: string;
}

/** How a tool's export is told and read. */
export interface HistoryFormat {
  tool: HistoryTool;
  /** What it is, for people who choose a file. */
  about: string;
  /** Whether the file is of this export. */
  fits(file: ExportFile): boolean;
  /** Adds what the file tells; pushes what is wrong with it. */
  read(file: ExportFile, into: Gathering, errors: FieldError[]): void;
}
