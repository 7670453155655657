import type { NewReportInput } from "../domain/report.ts";

/** A report to begin with. */
export interface ReportTemplate {
  label: string;
  about: string;
  report: Omit<NewReportInput, "name" | "about">;
}

export function defineReport(template: ReportTemplate): ReportTemplate {
  return template;
}
