import type { Content, Shape } from "../state/content.ts";
import { tableOf } from "../state/table-model.ts";
import { DataTable } from "./data-table.tsx";
import type { ChartSetting } from "./definition.ts";

/** Any content as a table; choosing a row of one dimension chooses its value. */
export function TableChart({ content, title, onValue }: ChartSetting & { content: Content & { shape: Shape } }) {
  const dimension = content.shape === "table" ? content.figures.dimensions[0] : undefined;
  return (
    <DataTable
      model={tableOf(content)}
      caption={title}
      onChoose={onValue && dimension ? ({ dimensions = [] }) => onValue(dimension, dimensions[0] ?? "") : undefined}
    />
  );
}
