// Which dimensions a point can answer for: a point is one event and knows neither its visit nor its visitor.

import { dimensionOf } from "../../catalog/dimensions/index.ts";
import { POINT_BLOBS, type PointBlob } from "../../domain/point.ts";
import type { Refused } from "./literal.ts";

/** Attributes of a visit that its events share, since who has another is another visitor. */
const STEADY: ReadonlySet<string> = new Set<PointBlob>([
  "country",
  "region",
  "city",
  "browser",
  "browserVersion",
  "os",
  "osVersion",
  "device",
  "language",
]);

export interface PointText {
  field: PointBlob;
  /** Accepted in filters for the empty value. */
  empty: string;
}

function isBlob(field: string): field is PointBlob {
  return POINT_BLOBS.some((one) => one === field);
}

/** The text of the point that the dimension reads. */
export function pointText(name: string): PointText | Refused {
  const dimension = dimensionOf(name);
  if (!dimension) return { refused: `there is no dimension ${name}` };
  const { read, empty, called } = dimension;
  if (called) return { refused: `points carry the codes that ${name} names, and not the names` };
  if (read.from === "property") return { refused: `points carry no properties, so not ${name}` };
  if (read.from === "row" && isBlob(read.field)) return { field: read.field, empty };
  if (read.from === "first" && STEADY.has(read.field) && isBlob(read.field)) return { field: read.field, empty };
  if (dimension.scope === "session") return { refused: `${name} is about the visit, and points know no visits` };
  return { refused: `points carry no ${name}` };
}
