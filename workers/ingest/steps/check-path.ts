import { matchesWildcard } from "../../domain/goal.ts";
import { refuse } from "../draft.ts";
import type { Step } from "./index.ts";

/** Leaves out the pages that the site does not want counted. */
export const checkPath: Step = {
  name: "check-path",
  run({ event }, { site }) {
    const pattern = site.excludedPaths.find((one) => matchesWildcard(one, event.path));
    return pattern === undefined ? undefined : refuse("excluded", pattern);
  },
};
