import { matchesWildcard } from "../../domain/goal.ts";
import { refuse } from "../draft.ts";
import type { Step } from "./index.ts";

/** Leaves out the pages that the site does not want counted. */
export const checkPath: Step = {
  name: "check-path",
  run({ event }, { site }) {
    return site.excludedPaths.some((pattern) => matchesWildcard(pattern, event.path)) ? refuse("excluded") : undefined;
  },
};
