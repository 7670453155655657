// The site's local buckets in arithmetic that every SQL has: runs of buckets of one length, each from a known moment in UTC.
// A change of clocks ends a run, so days of 23, 24.5 and 25 hours are what they are.

import { integer } from "./literal.ts";

interface Run {
  /** Number of its first bucket. */
  first: number;
  start: number;
  width: number;
}

function runsOf(starts: readonly number[], to: number): Run[] {
  const runs: Run[] = [];
  starts.forEach((start, first) => {
    const run = runs.at(-1);
    const isLast = first === starts.length - 1;
    const width = Math.max(1, (starts[first + 1] ?? to) - start);
    // The last bucket may be cut short by the end of the period.
    if (run && (width === run.width || (isLast && width < run.width))) return;
    runs.push({ first, start, width });
  });
  return runs;
}

/** The number of the bucket that the moment in `column` lies in; `starts` in order, all of them before `to`. */
export function bucketNumber(column: string, starts: readonly number[], to: number): string {
  const runs = runsOf(starts, to);
  const within = ({ first, start, width }: Run) =>
    `${integer(first)} + floor((${column} - ${integer(start)}) / ${integer(width)})`;
  const last = runs.at(-1);
  if (!last) throw new Error("a period has a bucket at least");
  return runs
    .slice(0, -1)
    .reduceRight(
      (rest, run, index) => `if(${column} < ${integer(runs[index + 1]!.start)}, ${within(run)}, ${rest})`,
      within(last),
    );
}
