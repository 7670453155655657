// The live state of the site being looked at, for every page: one socket, however many panels read it.
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { refresh } from "./answers.ts";
import { type Connection, openLiveSocket } from "./live-socket.ts";
import { applyMessage, type LiveView } from "./live-view.ts";
import { sitePath } from "./sites.ts";

export const live = signal<LiveView | null>(null);
export const connection = signal<Connection>("connecting");
/** Server clock minus ours, milliseconds. */
export const clockSkew = signal(0);

function socketUrl(siteId: string): string {
  const url = new URL(`${sitePath(siteId)}/live`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

/** Keeps the socket open while the component is shown. */
export function useLiveSocket(siteId: string): void {
  useEffect(() => {
    live.value = null;
    let lost = false;
    return openLiveSocket({
      url: socketUrl(siteId),
      onConnection: (now) => {
        connection.value = now;
        if (now === "waiting") lost = true;
        if (now !== "live" || !lost) return;
        // What answers here answers questions too: panels that failed meanwhile need not be asked by hand.
        lost = false;
        refresh();
      },
      onMessage: (message) => {
        clockSkew.value = message.now - Date.now();
        live.value = applyMessage(live.value, message);
      },
    });
  }, [siteId]);
}

const tick = signal(Date.now());
setInterval(() => {
  tick.value = Date.now();
}, 1000);

/** Milliseconds by the server's clock, moving on every second whether anything arrives or not. */
export const serverNow = computed(() => tick.value + clockSkew.value);
