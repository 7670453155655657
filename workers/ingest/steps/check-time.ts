import { LIMITS } from "../../domain/beacon.ts";
import { timeRefusal } from "../validate.ts";
import type { Step } from "./index.ts";

export const checkTime: Step = {
  name: "check-time",
  run: ({ event }, { now }) => timeRefusal(event.at, now - LIMITS.pastMs, now),
};
