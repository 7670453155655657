import { defineReportFormat } from "./format.ts";

export const pdf = defineReportFormat({
  label: "PDF",
  contentType: "application/pdf",
  extension: "pdf",
  async write(document, ports) {
    // Read only when a file is asked for: beacons do not wait for what draws pages.
    const { pdfOf } = await import("./pdf/pdf-of.ts");
    return pdfOf(document, ports);
  },
});
