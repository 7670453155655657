import type { Dimension } from "../dimension.ts";
import { visitDimension } from "./visit.ts";

const names = new Intl.DisplayNames("en", { type: "region", fallback: "code" });

/** `Germany` for `DE`; what is no ISO 3166-1 code stays as it is. */
function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}

export const countryNameDimension: Dimension = { ...visitDimension("Country name", "country"), called: countryName };
