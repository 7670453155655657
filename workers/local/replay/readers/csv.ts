import { delimited } from "./delimited.ts";

/** Commas, or semicolons as spreadsheets of some countries write them. */
export const csv = delimited("CSV", [",", ";"]);
