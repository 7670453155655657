// A ring on Chart.js, loaded only when one is shown.
import { ArcElement, Chart, DoughnutController, Tooltip } from "chart.js";
import type { Drawn } from "./canvas-chart.tsx";
import { colourOf } from "./canvas-colours.ts";
import { STILL, seriesColour, tooltipStyle } from "./canvas-style.ts";

Chart.register(ArcElement, DoughnutController, Tooltip);

export function drawPie<Slice extends { name: string; value: number }>(
  canvas: HTMLCanvasElement,
  slices: readonly Slice[],
  describe: (slice: Slice) => string,
): Drawn {
  return new Chart<"doughnut", number[], string>(canvas, {
    type: "doughnut",
    data: {
      labels: slices.map(({ name }) => name),
      datasets: [
        {
          data: slices.map(({ value }) => value),
          backgroundColor: slices.map((_, i) => seriesColour(i)),
          borderColor: colourOf("--card"),
          borderWidth: 2,
        },
      ],
    },
    options: {
      ...STILL,
      cutout: "62%",
      plugins: {
        tooltip: {
          ...tooltipStyle(),
          displayColors: false,
          callbacks: {
            title: () => "",
            label: ({ dataIndex }) => {
              const slice = slices[dataIndex];
              return slice ? describe(slice) : "";
            },
          },
        },
      },
    },
  });
}
