// What a chart is: which shapes of answers it draws, and the component that does, loaded when first shown. A new chart is one
// file that exports one of these and a line in index.ts.
import { type FunctionComponent, h } from "preact";
import type { Asked, Content, ContentOf, Shape } from "../state/content.ts";
import type { ExpectedPoint } from "../state/expected.ts";
import type { Grain } from "../state/periods.ts";

/** Stands for the names of properties, where one is chosen as values of dimensions are. */
export const PROPERTY = "property";

export interface ChartSetting {
  title: string;
  asked: Asked;
  timeZone: string;
  /** What happened on which local day, or at which local time of it, to be marked along time. */
  marks?: readonly { day: string; stamp?: string; text: string }[] | undefined;
  /** What was expected along time, of a single series. */
  expected?: readonly ExpectedPoint[] | undefined;
  /** A value of a dimension was chosen. */
  onValue?: ((dimension: string, value: string) => void) | undefined;
  /** A bucket of time was chosen. */
  onBucket?: ((label: string, grain: Grain) => void) | undefined;
}

export type ChartProps<S extends Shape> = ChartSetting & { content: ContentOf<S> };

export interface ChartDefinition {
  label: string;
  shapes: readonly Shape[];
  /** Whether it says something of this content. */
  fits: (content: Content) => boolean;
  load: () => Promise<FunctionComponent<ChartSetting & { content: Content }>>;
}

interface Defined<S extends Shape> extends Omit<ChartDefinition, "shapes" | "fits" | "load"> {
  shapes: readonly S[];
  fits?: (content: ContentOf<S>) => boolean;
  load: () => Promise<FunctionComponent<ChartProps<S>>>;
}

/** The shapes say which content the component is given. */
export function defineChart<const S extends Shape>(chart: Defined<S>): ChartDefinition {
  const draws = (content: Content): content is ContentOf<S> => chart.shapes.some((shape) => shape === content.shape);
  return {
    ...chart,
    fits: (content) => draws(content) && (chart.fits?.(content) ?? true),
    load: async () => {
      const Chart = await chart.load();
      return ({ content, ...setting }) => (draws(content) ? h(Chart, { ...setting, content }) : null);
    },
  };
}
