import type { Chart, PlainChart } from "../../../workers/domain/chart.ts";
import type { PlainPanel } from "./definition.ts";
import { insights } from "./insights.tsx";
import { text } from "./text.tsx";

/** In the order in which they are offered. */
export const plainPanels: Readonly<Record<PlainChart, PlainPanel>> = { text, insights };

export const plainNames = Object.keys(plainPanels) as PlainChart[]; // its keys are those

export const plainPanel = (chart: Chart): PlainPanel | undefined =>
  (plainPanels as Readonly<Partial<Record<Chart, PlainPanel>>>)[chart]; // of other charts there is none
