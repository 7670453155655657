import { expect, it } from "vitest";
import { medianPolish } from "../../../workers/stats/median-polish.ts";

// Deaths in sport parachuting by experience and year, McNeil and Tukey; fitted by R's medpolish (4.4).
const DEATHS = [
  [14, 15, 14],
  [7, 4, 7],
  [8, 2, 10],
  [15, 9, 10],
  [0, 2, 0],
];

it("fits a two-way table as published", () => {
  expect(medianPolish(DEATHS)).toEqual({ overall: 8, rows: [6, -1, 0, 2, -8], columns: [0, -1, 0] });
});

it("is not moved by a wild cell, nor by one that is not known", () => {
  const table = [1, 2, 3, 4, 5].map((row) => [10, 20, 30, 40].map((column): number | null => row + column));
  const fit = medianPolish(table);
  table[1]![2] = 9000;
  table[3]![0] = null;
  expect(medianPolish(table)).toEqual(fit);
});
