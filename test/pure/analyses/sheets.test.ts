import { expect, it } from "vitest";
import { analyses } from "../../../workers/analyses/index.ts";

it("every analysis that clients may ask for makes rows for a file", () => {
  const askable = Object.values(analyses).filter((analysis) => analysis.ask);
  expect(askable.length).toBeGreaterThan(0);
  expect(askable.filter((analysis) => !analysis.sheet).map(({ name }) => name)).toEqual([]);
});
