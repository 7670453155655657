import { describe, expect, it } from "vitest";
import { createWindowLimit } from "../../../workers/access/window-limit.ts";

describe("asks within a period", () => {
  it("are let in up to the limit by each key, and again in the next period", async () => {
    let now = 120_000;
    const counter = createWindowLimit({ limit: 3, period: 60 }, () => now);
    const asked = async (key: string, times: number) => {
      const answers: boolean[] = [];
      for (let i = 0; i < times; i++) answers.push((await counter.limit({ key })).success);
      return answers;
    };
    expect(await asked("a", 5)).toEqual([true, true, true, false, false]);
    expect(await asked("b", 1)).toEqual([true]);
    now = 179_999;
    expect(await asked("a", 1)).toEqual([false]);
    now = 180_000;
    expect(await asked("a", 4)).toEqual([true, true, true, false]);
    expect(await asked("b", 3)).toEqual([true, true, true]);
  });
});
