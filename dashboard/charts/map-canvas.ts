// The world on Chart.js, loaded only when it is shown. Shapes by Natural Earth, 1:110 million.
import { Chart, Tooltip } from "chart.js";
import { ChoroplethController, ColorScale, GeoFeature, ProjectionScale } from "chartjs-chart-geo";
import codes from "i18n-iso-countries/codes.json";
import { feature } from "topojson-client";
import world from "world-atlas/countries-110m.json";
import { countryName } from "../state/places.ts";
import type { Drawn } from "./canvas-chart.tsx";
import { colourOf, mixed } from "./canvas-colours.ts";
import { STILL, tooltipStyle } from "./canvas-style.ts";

Chart.register(ChoroplethController, ColorScale, GeoFeature, ProjectionScale, Tooltip);

/** ISO 3166-1 alpha-2 by the numeric code that the shapes carry. */
const ALPHA_2 = new Map(codes.map(([alpha2 = "", , numeric = ""]) => [numeric, alpha2]));
const ANTARCTICA = "AQ";

interface MapDrawing {
  /** By alpha-2 code. */
  values: ReadonlyMap<string, number | null>;
  describe: (name: string, value: number | null) => string;
  onPick: (country: string) => void;
}

const { features } = feature(world, world.objects.countries);

const SHAPES = features
  .map((shape) => ({ shape, country: ALPHA_2.get(String(shape.id ?? "").padStart(3, "0")) ?? "" }))
  .filter(({ country }) => country !== ANTARCTICA);

export function drawMap(canvas: HTMLCanvasElement, { values, describe, onPick }: MapDrawing): Drawn {
  const most = Math.max(1, ...[...values.values()].map((value) => value ?? 0));
  const [full, none] = [colourOf("--series-1"), colourOf("--sunken")];
  const shade = (value: number) => (value > 0 ? mixed(none, full, 0.15 + 0.85 * Math.sqrt(value / most)) : none);
  const data = SHAPES.map(({ shape, country }) => ({ feature: shape, value: values.get(country) ?? 0 }));
  return new Chart(canvas, {
    type: "choropleth",
    data: {
      labels: SHAPES.map(({ country }) => countryName(country)),
      datasets: [
        {
          data,
          borderColor: colourOf("--card"),
          borderWidth: 0.5,
          backgroundColor: ({ dataIndex }) => shade(data[dataIndex]?.value ?? 0),
        },
      ],
    },
    options: {
      ...STILL,
      showOutline: false,
      showGraticule: false,
      scales: {
        projection: { axis: "x", projection: "naturalEarth1" },
        color: { axis: "x", display: false },
      },
      plugins: {
        tooltip: {
          ...tooltipStyle(),
          displayColors: false,
          callbacks: {
            label: ({ dataIndex }) => {
              const found = SHAPES[dataIndex];
              return found ? describe(countryName(found.country), values.get(found.country) ?? 0) : "";
            },
          },
        },
      },
      onClick: (_event, [element]) => {
        const found = element && SHAPES[element.index];
        if (found?.country) onPick(found.country);
      },
    },
  });
}
