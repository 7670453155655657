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
});
