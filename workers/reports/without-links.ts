// A report for who may not open the dashboard: nothing in it leads there.
import type { ReportBlock, ReportDocument } from "../domain/report-document.ts";

const unlinked = (block: ReportBlock): ReportBlock =>
  block.kind === "list" ? { ...block, items: block.items.map((item) => ({ ...item, link: null })) } : block;

export const withoutLinks = (document: ReportDocument): ReportDocument => ({
  ...document,
  parts: document.parts.map((part) => ({ ...part, path: null, blocks: part.blocks.map(unlinked) })),
});
