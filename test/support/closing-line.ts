export interface Missing {
  /** The folder in which the outside test data was looked for, null when it was found. */
  fixtures: string | null;
  /** The package that brings ClickHouse, null when it is installed. */
  clickHouse: string | null;
}

/**
 * The last line of a run. Only what is missing here may skip a test (test/repo/tests.test.ts sees to that), other skips come
 * from a name filter.
 */
export function closingLine(skipped: number, { fixtures, clickHouse }: Missing): string {
  const count = skipped === 1 ? "1 test skipped" : `${skipped} tests skipped`;
  if (skipped === 0) return count;
  const reasons = [
    ...(fixtures === null ? [] : [`fixtures not found at ${fixtures}, set EDGEWISE_FIXTURES`]),
    ...(clickHouse === null ? [] : [`no ClickHouse, npm install --no-save ${clickHouse}`]),
  ];
  return reasons.length > 0 ? `${count}: ${reasons.join("; ")}` : count;
}
