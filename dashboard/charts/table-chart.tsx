import type { Content, Shape } from "../state/content.ts";
import { localStamp } from "../state/days.ts";
import { tableOf } from "../state/table-model.ts";
import type { ChartSetting } from "./definition.ts";
import { SortableTable } from "./sortable-table.tsx";

/** Any content as a table; choosing a row of one dimension chooses its value. */
export function TableChart({
  content,
  title,
  timeZone,
  expected,
  onValue,
}: ChartSetting & { content: Content & { shape: Shape } }) {
  const dimension = content.shape === "table" ? content.figures.dimensions[0] : undefined;
  return (
    <SortableTable
      model={tableOf(content, localStamp(Date.now(), timeZone), expected)}
      caption={title}
      onChoose={onValue && dimension ? ({ dimensions = [] }) => onValue(dimension, dimensions[0] ?? "") : undefined}
    />
  );
}
