// What all canvases share: the page's font and colours, the tooltip, the axes. Read anew for each drawing, since themes change.
import type { ChartOptions, TooltipOptions } from "chart.js";
import { colourOf } from "./canvas-colours.ts";

const familyOf = (): string => getComputedStyle(document.body).fontFamily;

/** The colour of the series at a place, in an order that neighbours are easy to tell apart, for every kind of eye. */
export const seriesColour = (place: number): string => colourOf(`--series-${(place % 8) + 1}`);

export function tooltipStyle() {
  const family = familyOf();
  return {
    backgroundColor: colourOf("--tooltip"),
    titleColor: colourOf("--tooltip-text"),
    bodyColor: colourOf("--tooltip-text"),
    footerColor: colourOf("--tooltip-text"),
    titleFont: { family, size: 12, weight: 600 as const },
    bodyFont: { family, size: 12 },
    footerFont: { family, size: 12, weight: 400 as const },
    padding: 10,
    cornerRadius: 8,
    caretSize: 0,
    caretPadding: 12,
    boxWidth: 8,
    boxHeight: 8,
    boxPadding: 4,
    usePointStyle: true,
  } satisfies Partial<TooltipOptions>;
}

const ticks = () => ({ font: { family: familyOf(), size: 11 }, color: colourOf("--text-faint") });

/** Values that are told apart by name alone all want theirs; of a time, the ones between can be thought. */
const ALL_NAMED = 30;

/** An axis of places, labelled by `label`; along a time, labels may be left out. */
export function placeAxis(label: (place: string) => string, { places, time }: { places: number; time: boolean }) {
  const named = !time && places <= ALL_NAMED;
  return {
    grid: { display: false },
    border: { display: false },
    ticks: {
      ...ticks(),
      ...(named ? { autoSkip: false, maxRotation: 60 } : { maxRotation: 0, autoSkipPadding: 24 }),
      callback(this: { getLabelForValue(index: number): string }, index: string | number) {
        return label(this.getLabelForValue(Number(index)));
      },
    },
  };
}

interface ValueAxis {
  label: (value: number) => string;
  wholeNumbers: boolean;
}

/** An axis of amounts from zero. */
export function valueAxis({ label, wholeNumbers }: ValueAxis) {
  return {
    beginAtZero: true,
    grid: { color: colourOf("--line-faint") },
    border: { display: false },
    ticks: {
      ...ticks(),
      maxTicksLimit: 5,
      ...(wholeNumbers ? { precision: 0 } : {}),
      callback: (value: string | number) => label(Number(value)),
    },
  };
}

/** Charts follow their frame and never move by themselves. */
export const STILL = { responsive: true, maintainAspectRatio: false, animation: false } as const satisfies ChartOptions;
