import type { Grain } from "../../domain/buckets.ts";
import { type Dimension, NOT_SET } from "../dimension.ts";

export function timeDimension(label: string, grain: Grain): Dimension {
  return { label, scope: "time", read: { from: "bucket", grain }, empty: NOT_SET };
}
