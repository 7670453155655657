import { describe, expect, it } from "vitest";
import { progressText } from "../../../workers/local/replay/progress.ts";

describe("the progress of a replay", () => {
  it("tells share, events, rate and the time left", () => {
    expect(progressText({ done: 0.25, events: 12_000, seconds: 10 })).toBe("25 %  12,000 events  1,200/s  30 s left");
    expect(progressText({ done: 0.1, events: 1000, seconds: 100 })).toBe("10 %  1,000 events  10/s  15 min left");
  });

  it("does not guess at the start, and has nothing left at the end", () => {
    expect(progressText({ done: 0, events: 0, seconds: 0 })).toBe("0 %  0 events  0/s");
    expect(progressText({ done: null, events: 5, seconds: 1 })).toBe("5 events  5/s");
    expect(progressText({ done: 1, events: 5, seconds: 1 })).toBe("100 %  5 events  5/s");
  });
});
