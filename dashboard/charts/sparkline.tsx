/** A small line without axes; the figure beside it carries the meaning. It begins with the first value that there is. */
export function Sparkline({ values: all }: { values: readonly (number | null)[] }) {
  const first = all.findIndex((value) => value !== null);
  const values = all.slice(Math.max(0, first)).map((value) => value ?? 0);
  const width = 120;
  const height = 32;
  const top = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const line = values
    .map(
      (value, i) =>
        `${i === 0 ? "M" : "L"}${(i * step).toFixed(1)} ${(height - 2 - (value / top) * (height - 4)).toFixed(1)}`,
    )
    .join("");
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path class="sparkline-area" d={`${line}L${width} ${height}L0 ${height}Z`} />
      <path class="sparkline-line" d={line} />
    </svg>
  );
}
