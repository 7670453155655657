// The first of what a report says, for where there is room for some lines.
import type { ReportBlock, ReportDocument } from "../domain/report-document.ts";

const MOST_LINES = 12;

function linesOf(block: ReportBlock): string[] {
  switch (block.kind) {
    case "figures":
      return block.figures.map(({ label, now, change, target }) => {
        const told = [change, target].filter((one) => one !== null).join("; ");
        return told === "" ? `${label}: ${now.text}` : `${label}: ${now.text} (${told})`;
      });
    case "list":
      return block.items.map(({ text }) => text);
    case "paragraph":
    case "problem":
      return block.text.split("\n").filter((line) => line.trim() !== "");
    default:
      // What needs columns or a picture is behind the link.
      return [];
  }
}

export function summaryLines({ parts }: ReportDocument): string[] {
  const lines = parts.flatMap(({ blocks }) => blocks.flatMap(linesOf));
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `… and ${lines.length - MOST_LINES + 1} more`];
}
