/**
 * The last line of a run. `missing` is the folder in which the outside test data was looked for, null when it was found:
 * only its absence may skip a test (test/repo/tests.test.ts sees to that), other skips come from a name filter.
 */
export function closingLine(skipped: number, missing: string | null): string {
  const count = skipped === 1 ? "1 test skipped" : `${skipped} tests skipped`;
  if (skipped === 0 || missing === null) return count;
  return `${count}: fixtures not found at ${missing}, set EDGEWISE_FIXTURES`;
}
