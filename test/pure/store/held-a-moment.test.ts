import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dropHeld, heldAMoment } from "../../../workers/store/held-a-moment.ts";

describe("what is held a moment", () => {
  let reads = 0;
  const read = () => Promise.resolve(++reads);
  beforeEach(() => {
    reads = 0;
    dropHeld();
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => void vi.useRealTimers());

  it("is read once a second and name, also where the clock goes back", async () => {
    expect(await heldAMoment("a", read)).toBe(1);
    vi.setSystemTime(1_000_999);
    expect([await heldAMoment("a", read), await heldAMoment("b", read)]).toEqual([1, 2]);
    vi.setSystemTime(1_001_000);
    expect(await heldAMoment("a", read)).toBe(3);
    vi.setSystemTime(0);
    expect(await heldAMoment("a", read)).toBe(4);
  });

  it("is read again after a change, and not kept when it was being read meanwhile", async () => {
    const late = heldAMoment("a", read);
    dropHeld();
    expect([await late, await heldAMoment("a", read)]).toEqual([1, 2]);
    dropHeld();
    expect(await heldAMoment("a", read)).toBe(3);
  });

  it("is not held when it failed", async () => {
    await expect(heldAMoment("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await heldAMoment("a", read)).toBe(1);
  });

  it("is read once for all who come while it is read, and by each once that takes too long", async () => {
    const slow = (ms: number) => () => new Promise<number>((resolve) => setTimeout(() => resolve(++reads), ms));
    const together = Promise.all([1, 2, 3, 4].map(() => heldAMoment("a", slow(100))));
    await vi.advanceTimersByTimeAsync(120);
    expect(await together).toEqual([1, 1, 1, 1]);
    const apart = Promise.all([1, 2].map(() => heldAMoment("b", slow(400))));
    await vi.advanceTimersByTimeAsync(900);
    expect(await apart).toEqual([2, 3]);
  });

  it("is read by the next one where the reader failed", async () => {
    const fails = () => new Promise<number>((_, reject) => setTimeout(reject, 50, new Error("away")));
    const first = expect(heldAMoment("a", fails)).rejects.toThrow("away");
    const second = heldAMoment("a", read);
    await vi.advanceTimersByTimeAsync(80);
    await first;
    expect(await second).toBe(1);
  });
});
