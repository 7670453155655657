import { describe, expect, it } from "vitest";
import { createAnswerCache } from "../../../workers/query/answer-cache.ts";

const PLENTY = 10_000;
const at = 1_800_000_000_000;
/** After anything was read. */
const ASKED = at + 200_000_000;

describe("answers of before", () => {
  it("are given again while nothing of their period changed, however old they are", () => {
    const cache = createAnswerCache<string>(PLENTY);
    cache.set({ key: "q", content: "1" }, { at, scanned: 10 }, "ten");
    expect(cache.get({ key: "q", content: "1" }, { asked: ASKED, now: at + 86_400_000 })).toBe("ten");
    expect(cache.get({ key: "other", content: "1" }, { asked: ASKED, now: at })).toBeUndefined();
  });

  it("end with the first new event when they cost little", () => {
    const cache = createAnswerCache<string>(PLENTY);
    cache.set({ key: "q", content: "1" }, { at, scanned: 49_999 }, "ten");
    expect(cache.get({ key: "q", content: "2" }, { asked: ASKED, now: at })).toBeUndefined();
  });

  it("outlast new events by a second for each 50,000 rows that they cost, and by a minute at most", () => {
    const cache = createAnswerCache<string>(PLENTY);
    cache.set({ key: "million", content: "1" }, { at, scanned: 1_000_000 }, "much");
    cache.set({ key: "more", content: "1" }, { at, scanned: 90_000_000 }, "more");
    expect(cache.get({ key: "million", content: "2" }, { asked: ASKED, now: at + 19_999 })).toBe("much");
    expect(cache.get({ key: "million", content: "2" }, { asked: ASKED, now: at + 20_000 })).toBeUndefined();
    expect(cache.get({ key: "more", content: "2" }, { asked: ASKED, now: at + 59_999 })).toBe("more");
    expect(cache.get({ key: "more", content: "2" }, { asked: ASKED, now: at + 60_000 })).toBeUndefined();
  });

  it("are good for every question that came before they were read, and for none that came in the same moment", () => {
    const cache = createAnswerCache<string>(PLENTY);
    cache.set({ key: "q", content: "1" }, { at, scanned: 10 }, "ten");
    const changed = { key: "q", content: "2" };
    expect(cache.get(changed, { asked: at - 1, now: at + 5000 })).toBe("ten");
    expect(cache.get(changed, { asked: at, now: at + 5000 })).toBeUndefined();
  });

  it("leave by the time they were last given when there is no room", () => {
    const cache = createAnswerCache<string>(40);
    for (const key of ["a", "b", "c"]) cache.set({ key, content: "1" }, { at, scanned: 1 }, "0123456789");
    expect(cache.get({ key: "a", content: "1" }, { asked: ASKED, now: at })).toBe("0123456789");
    cache.set({ key: "d", content: "1" }, { at, scanned: 1 }, "0123456789");
    expect(["a", "b", "c", "d"].filter((key) => cache.get({ key, content: "1" }, { asked: ASKED, now: at }))).toEqual([
      "a",
      "c",
      "d",
    ]);
  });
});
