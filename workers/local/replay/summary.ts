// The last word of a replay, for people and for programs.

import type { Preview } from "./preview.ts";
import { refusedTotal, type Tally } from "./tally.ts";

export type Outcome =
  | "imported"
  | "already-imported"
  | "stopped"
  | "failed"
  | "sent"
  | "read"
  | "undone"
  | "nothing-to-undo";

export interface Summary extends Tally {
  file: string;
  format: string;
  site: string;
  /** Name of the import; null where nothing was imported. */
  id: string | null;
  outcome: Outcome;
  /** Events removed by an undo. */
  removed: number;
  /** Of a dry run only. */
  preview: Preview | null;
  seconds: number;
  eventsPerSecond: number;
  /** What to do next, or what went wrong; "" when there is nothing to say. */
  note: string;
}

const number = new Intl.NumberFormat("en");

/** Several lines, the most wanted first. */
export function summaryText(summary: Summary): string {
  const { outcome, note } = summary;
  const lines = [`${title(summary)}: ${summary.file === "" ? summary.id : summary.file} (${summary.format})`];
  if (outcome === "undone" || outcome === "nothing-to-undo") {
    return [`${title(summary)}: ${number.format(summary.removed)} events removed`, note].filter(Boolean).join("\n");
  }
  const row = (label: string, count: number) => {
    if (count > 0) lines.push(`  ${label.padEnd(24)}${number.format(count).padStart(12)}`);
  };
  row("lines read", summary.lines);
  row("left out by the rule", summary.skipped);
  for (const [reason, count] of Object.entries(summary.skippedBecause)) row(`  ${reason}`, count);
  row("unparsable", summary.unparsable);
  row("sent before", summary.resumed);
  row(outcome === "read" ? "events" : "sent", summary.sent);
  if (summary.preview !== null) lines.push(...previewLines(summary.preview));
  row("accepted", summary.accepted);
  row("duplicate", summary.duplicate);
  row("refused", refusedTotal(summary));
  for (const [reason, count] of Object.entries(summary.refused)) row(`  ${reason}`, count);
  for (const { line, reason } of summary.examples) lines.push(`  line ${number.format(line)}: ${reason}`);
  lines.push(`  ${summary.seconds.toFixed(1)} s, ${number.format(summary.eventsPerSecond)} events/s`);
  if (note !== "") lines.push(note);
  return lines.join("\n");
}

function previewLines({ visitors, from, to, names, first }: Preview): string[] {
  const counts = Object.entries(names).map(
    ([name, count]) => `    ${name.padEnd(22)}${number.format(count).padStart(12)}`,
  );
  return [
    ...counts,
    `  ${"visitors".padEnd(24)}${number.format(visitors).padStart(12)}`,
    `  from ${from} to ${to}`,
    `  first event: ${JSON.stringify(first)}`,
  ];
}

function title({ outcome, site }: Summary): string {
  const titles: Record<Outcome, string> = {
    imported: `imported into ${site}`,
    "already-imported": `already imported into ${site}`,
    stopped: "stopped",
    failed: "failed",
    sent: `sent to ${site}`,
    read: "read, nothing sent",
    undone: `undone in ${site}`,
    "nothing-to-undo": `nothing to undo in ${site}`,
  };
  return titles[outcome];
}
