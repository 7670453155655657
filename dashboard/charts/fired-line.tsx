/** A metric over time with the times at which a rule fired, and the value that it was held against. */
import { formatCount, formatDate } from "../state/format.ts";

const WIDTH = 640;
const HEIGHT = 160;
const LEFT = 44;
const BOTTOM = 20;
const TOP = 10;
/** Of a firing that is shorter than a pixel. */
const LEAST = 2;

export interface FiredLineProps {
  label: string;
  start: number;
  step: number;
  values: readonly (number | null)[];
  bound: number | null;
  until: number;
  fired: readonly { at: number; resolvedAt: number | null }[];
}

/** Pieces between which nothing is known are not joined. */
function lineOf(values: readonly (number | null)[], place: (index: number, value: number) => string): string {
  let isOpen = false;
  return values
    .map((value, index) => {
      const command = value === null ? "" : `${isOpen ? "L" : "M"}${place(index, value)}`;
      isOpen = value !== null;
      return command;
    })
    .join("");
}

export function FiredLine({ label, start, step, values, bound, until, fired }: FiredLineProps) {
  const most = Math.max(1, bound ?? 0, ...values.map((value) => value ?? 0));
  const x = (at: number) => LEFT + ((at - start) / Math.max(step, until - start)) * (WIDTH - LEFT);
  const y = (value: number) => HEIGHT - BOTTOM - (Math.max(0, value) / most) * (HEIGHT - BOTTOM - TOP);
  const line = lineOf(values, (index, value) => `${x(start + index * step).toFixed(1)} ${y(value).toFixed(1)}`);
  return (
    <svg
      class="fired-line"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}, fired ${fired.length} times`}
    >
      {[0, most].map((value) => (
        <g key={value}>
          <line class="fired-grid" x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
          <text class="fired-text" x={LEFT - 6} y={y(value) + 4} text-anchor="end">
            {formatCount(value)}
          </text>
        </g>
      ))}
      {fired.map(({ at, resolvedAt }) => (
        <rect
          key={at}
          class="fired-span"
          x={x(at)}
          y={TOP}
          width={Math.max(LEAST, x(resolvedAt ?? until) - x(at))}
          height={HEIGHT - BOTTOM - TOP}
        />
      ))}
      {bound !== null && <line class="fired-bound" x1={LEFT} x2={WIDTH} y1={y(bound)} y2={y(bound)} />}
      <path class="fired-path" d={line} />
      {fired.map(({ at }) => (
        <path key={at} class="fired-mark" d={`M${x(at)} ${TOP}l-4 -7h8z`} />
      ))}
      <text class="fired-text" x={LEFT} y={HEIGHT - 4}>
        {formatDate(start)}
      </text>
      <text class="fired-text" x={WIDTH} y={HEIGHT - 4} text-anchor="end">
        {formatDate(until)}
      </text>
    </svg>
  );
}
