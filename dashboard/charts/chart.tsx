// A chart by name: its code is fetched when one of its kind is first shown.
import type { Content } from "../state/content.ts";
import { type LaterComponent, later } from "../ui/later.tsx";
import type { ChartSetting } from "./definition.ts";
import { type ChartName, chartNames, charts } from "./index.ts";

type Drawing = LaterComponent<ChartSetting & { content: Content }>;

const wait = () => <div class="chart-wait skeleton" aria-hidden="true" />;

const drawings = new Map<ChartName, Drawing>(chartNames.map((name) => [name, later(charts[name].load, wait)]));

/** While what it shows is on its way. */
export const loadChart = (name: ChartName): void => drawings.get(name)?.ahead();

export function Chart({ name, ...props }: ChartSetting & { name: ChartName; content: Content }) {
  const Drawing = drawings.get(name);
  return Drawing ? <Drawing key={name} {...props} /> : null;
}
