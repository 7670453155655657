import { afterEach, describe, expect, it } from "vitest";
import { applyMessage, type LiveView } from "../../dashboard/state/live-view.ts";
import { crashAll, moveThrough, raise, siteNow } from "./moving.ts";
import { closeViewers, type Viewer, watch } from "./viewer.ts";
import { aView, createSite, from, sendTaken } from "./worker.ts";

afterEach(closeViewers);

const polled = (read: () => unknown) => expect.poll(read, { timeout: 8000, interval: 20 });

/** Every state that the viewer was ever in: how many visitors, and how many events in the last half hour. */
function statesOf({ messages }: Viewer): [number, number][] {
  let view: LiveView | null = null;
  return messages.map((message) => {
    view = applyMessage(view, message);
    const { visitors, minutes } = view!.state;
    return [visitors, minutes.reduce((sum, minute) => sum + minute.events, 0)];
  });
}

describe("the live page of a site that moves", () => {
  it.each([
    ["as it is", async () => undefined],
    ["with every object ended in between", crashAll],
  ])("never shows a visitor twice or not at all, %s", async (_, disturb) => {
    const site = await createSite();
    for (let i = 0; i < 9; i++) await sendTaken([aView(site), aView(site)], from(i));
    const viewer = await watch(site);
    expect(statesOf(viewer)).toEqual([[9, 18]]);
    await raise(site, 3);
    await moveThrough(site, () => disturb(site));
    expect(await siteNow(site)).toMatchObject({ epoch: 2 });
    await sendTaken(aView(site), from("new"));
    await polled(() => statesOf(viewer).at(-1)).toEqual([10, 19]);
    const known = new Set(["9 18", "10 19"]);
    expect(statesOf(viewer).filter((state) => !known.has(state.join(" ")))).toEqual([]);
    const keys = viewer.state()?.events.map(({ key }) => key) ?? [];
    expect(new Set(keys).size).toBe(19);
  });
});
