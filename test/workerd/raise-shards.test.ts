import { afterEach, describe, expect, it, vi } from "vitest";
import { answersOf, moveThrough, raise, sendHistory, siteNow } from "./moving.ts";
import { createSite, passHours } from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("raising a site's shards", () => {
  it("changes no answer at any step", async () => {
    const site = await createSite();
    await sendHistory(site);
    await passHours(site);
    await sendHistory(site, "second");
    const before = await answersOf(site);
    await raise(site, 4);
    expect(await answersOf(site)).toEqual(before);
    await moveThrough(site, async () => {
      expect(await answersOf(site)).toEqual(before);
    });
    expect(await siteNow(site)).toMatchObject({ epoch: 2, shards: 4, nextShards: null });
    expect(await answersOf(site)).toEqual(before);
  });
});
