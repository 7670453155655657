import { type Dimension, NOT_SET } from "../dimension.ts";

/** An event may reach several goals and then counts in each. */
export const goalDimension: Dimension = { label: "Goal", scope: "event", read: { from: "goal" }, empty: NOT_SET };
