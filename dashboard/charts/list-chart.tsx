// The commonest values with a bar each: what top lists are made of.
import { emptyText } from "../state/dimensions.ts";
import { formatCount, formatMetric } from "../state/format.ts";
import { type ChartProps, PROPERTY } from "./definition.ts";
import { type ListRow, RowList } from "./row-list.tsx";
import { Value } from "./value.tsx";

const ROWS = 10;

type Props = ChartProps<"table" | "properties">;

function rowsOf({ content, onValue }: Props): { columns: string[]; rows: ListRow[] } {
  if (content.shape === "properties") {
    const { properties, values } = content.answer;
    const all = values
      ? values.rows.map(({ value, events }) => ({ name: value, events }))
      : properties.map(({ name, events }) => ({ name, events }));
    const most = all[0]?.events ?? 0;
    return {
      columns: [values ? "Value" : "Property", "Events"],
      rows: all.slice(0, ROWS).map(({ name, events }) => ({
        key: name,
        name: <span class="value">{name || emptyText("")}</span>,
        share: most > 0 ? events / most : 0,
        figures: [formatCount(events)],
        hint: "See its values",
        onChoose: onValue && !values ? () => onValue(PROPERTY, name) : undefined,
      })),
    };
  }
  const { figures } = content;
  const dimension = figures.dimensions[0] ?? "";
  const most = Math.max(0, ...figures.rows.map(({ values }) => values[0] ?? 0));
  return {
    columns: ["", ...figures.metrics.map(({ label }) => label)],
    rows: figures.rows.slice(0, ROWS).map(({ dimensions, values }) => {
      const value = dimensions[0] ?? "";
      return {
        key: value,
        name: <Value dimension={dimension} value={value} />,
        share: most > 0 ? (values[0] ?? 0) / most : 0,
        figures: figures.metrics.map((metric, i) => formatMetric(values[i] ?? null, metric)),
        hint: "Filter by this",
        onChoose: onValue && (() => onValue(dimension, value)),
      };
    }),
  };
}

export function ListChart(props: Props) {
  const { columns, rows } = rowsOf(props);
  const count =
    props.content.shape === "properties"
      ? (props.content.answer.values?.rows ?? props.content.answer.properties).length
      : props.content.figures.rows.length;
  return (
    <>
      <RowList columns={columns} main={0} rows={rows} />
      {count > ROWS && <p class="chart-note">{formatCount(count - ROWS)} more in the table</p>}
    </>
  );
}
