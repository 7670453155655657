import { breakdown } from "./breakdown.ts";
import { eventQuality } from "./event-quality.ts";
import { events } from "./events.ts";
import { figures } from "./figures.ts";
import { funnel } from "./funnel.ts";
import { paths } from "./paths.ts";
import { properties } from "./properties.ts";
import { propertyShapes } from "./property-shapes.ts";
import { retention } from "./retention.ts";
import { rollUp } from "./roll-up.ts";
import { timeseries } from "./timeseries.ts";
import { totals } from "./totals.ts";

export const analyses = {
  totals,
  timeseries,
  breakdown,
  eventQuality,
  events,
  figures,
  funnel,
  retention,
  paths,
  properties,
  propertyShapes,
  rollUp,
};

export type AnalysisName = keyof typeof analyses;
