import { keepAllowed as keepAllowedOf } from "../../domain/consent.ts";
import type { Step } from "./index.ts";

/** Last, since the steps before read what it takes away. */
export const keepAllowed: Step = {
  name: "keep-allowed",
  run({ event }) {
    keepAllowedOf(event);
    return undefined;
  },
};
