// A grid whose cells are as dark as their figure is large: cohorts by how long since, or one dimension by another.
import type { Answers } from "../../workers/api/answers.ts";
import type { Figures } from "../state/content.ts";
import { valueText } from "../state/dimensions.ts";
import { formatBucket, formatCount, formatExact, formatMetric, formatPercent } from "../state/format.ts";
import { Sideways } from "../ui/sideways.tsx";
import type { ChartProps } from "./definition.ts";

interface Cell {
  text: string;
  /** 0 to 1; null where there is no figure. */
  share: number | null;
  title: string;
}

interface Grid {
  columns: string[];
  rows: { name: string; size: string | null; cells: Cell[] }[];
}

/** More columns than this are not drawn. */
const COLUMNS = 24;
const ROWS = 30;

function retentionGrid({ cohorts, granularity, overall }: Answers["retention"]): Grid {
  // Intervals that no cohort has lived to see are left out.
  const columns = overall
    .slice(0, Math.min(COLUMNS, overall.findLastIndex(({ of }) => of > 0) + 1))
    .map((_, i) => `${granularity.charAt(0).toUpperCase()}${granularity.slice(1)} ${i}`);
  const cellOf = (returned: number | undefined, of: number): Cell => {
    if (returned === undefined || of === 0) return { text: "", share: null, title: "" };
    return {
      text: formatPercent((100 * returned) / of),
      share: returned / of,
      title: `${formatExact(returned)} of ${formatExact(of)}`,
    };
  };
  const all = {
    name: "All cohorts",
    size: formatCount(overall[0]?.of ?? 0),
    cells: columns.map((_, i) => cellOf(overall[i]?.returned, overall[i]?.of ?? 0)),
  };
  const each = cohorts
    .filter(({ size }) => size > 0)
    .slice(-ROWS)
    .map(({ cohort, size, returned }) => ({
      name: formatBucket(
        cohort,
        granularity === "week" ? "day" : granularity,
        granularity === "week" ? "axis" : "full",
      ),
      size: formatCount(size),
      cells: columns.map((_, i) => cellOf(returned[i], size)),
    }));
  return { columns, rows: [all, ...each] };
}

function figuresGrid({ dimensions, rows, metrics }: Figures): Grid {
  const metric = metrics[0];
  if (!metric) return { columns: [], rows: [] };
  const weigh = (at: number) =>
    [...Map.groupBy(rows, (row) => row.dimensions[at] ?? "")]
      .map(([value, own]) => ({ value, sum: own.reduce((sum, { values }) => sum + (values[0] ?? 0), 0) }))
      .sort((a, b) => b.sum - a.sum)
      .map(({ value }) => value);
  const across = weigh(1).slice(0, COLUMNS);
  const byPair = new Map(rows.map((row) => [JSON.stringify(row.dimensions), row.values[0] ?? null]));
  const most = Math.max(0, ...rows.map(({ values }) => values[0] ?? 0));
  return {
    columns: across.map((value) => valueText(dimensions[1] ?? "", value)),
    rows: weigh(0)
      .slice(0, ROWS)
      .map((value) => ({
        name: valueText(dimensions[0] ?? "", value),
        size: null,
        cells: across.map((other) => {
          const figure = byPair.get(JSON.stringify([value, other])) ?? null;
          return {
            text: figure === null ? "" : formatMetric(figure, metric),
            share: figure === null || most === 0 ? null : figure / most,
            title: figure === null ? "" : formatExact(figure),
          };
        }),
      })),
  };
}

/** Small shares are told apart better than large ones; never so dark that the figure cannot be read. */
const depth = (share: number): string => `${Math.round(6 + 48 * Math.sqrt(Math.min(1, share)))}%`;

export function HeatMapChart({ content, title }: ChartProps<"table" | "retention">) {
  const { columns, rows } =
    content.shape === "retention" ? retentionGrid(content.answer) : figuresGrid(content.figures);
  const sized = rows.some(({ size }) => size !== null);
  return (
    <Sideways kind="heat-map" label={title}>
      <table>
        <caption class="unseen">{title}</caption>
        <thead>
          <tr>
            <td />
            {sized && <th scope="col">People</th>}
            {columns.map((column) => (
              <th key={column} scope="col" title={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, size, cells }) => (
            <tr key={name}>
              <th scope="row" title={name}>
                {name}
              </th>
              {sized && <td>{size}</td>}
              {cells.map(({ text, share, title: hint }, i) => (
                <td
                  key={columns[i]}
                  class={share === null ? "" : "heat"}
                  style={share === null ? {} : { "--heat": depth(share) }}
                  title={hint}
                >
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}
