import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forgetColumns, heldColumn, memoryHeld, roomForView, SCAN_BYTES } from "../../../workers/engine/memory.ts";

const MEGABYTE = 1024 * 1024;
const sizeOf = (array: Uint8Array) => array.length;
const column = (key: string, bytes: number) => heldColumn(key, () => new Uint8Array(bytes), sizeOf);

beforeEach(() => {
  forgetColumns("");
  memoryHeld();
});
afterEach(() => forgetColumns(""));

describe("the memory of scans", () => {
  it("holds decoded columns until they are more than the budget, then lets those go that were used longest ago", () => {
    const first = column("a", 20 * MEGABYTE);
    const second = column("b", 20 * MEGABYTE);
    expect(column("a", 1)).toBe(first);
    column("c", 20 * MEGABYTE);
    expect(column("a", 1)).toBe(first);
    expect(column("b", 7)).not.toBe(second);
    expect(memoryHeld().most).toBeLessThanOrEqual(SCAN_BYTES + 20 * MEGABYTE);
    expect(memoryHeld().now).toBeLessThanOrEqual(SCAN_BYTES);
  });

  it("gives views the room of columns, and no more than there is", () => {
    column("a", 40 * MEGABYTE);
    const rows = Math.floor(SCAN_BYTES / 2 / 96);
    const [one, two] = [roomForView(rows, 1), roomForView(rows, 1)];
    expect(one && two).toBeTruthy();
    expect(roomForView(1000, 1)).toBeNull();
    expect(memoryHeld().now).toBeLessThanOrEqual(SCAN_BYTES);
    one?.();
    const three = roomForView(1000, 1);
    expect(three).not.toBeNull();
    two?.();
    three?.();
    expect(memoryHeld().now).toBe(0);
  });

  it("lets one view through that is larger than the budget, alone", () => {
    const huge = roomForView(SCAN_BYTES, 1);
    expect(huge).not.toBeNull();
    expect(roomForView(1, 1)).toBeNull();
    huge?.();
  });
});
