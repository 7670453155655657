// A viewer of a site's live page, who applies its messages as the dashboard does.
import { expect } from "vitest";
import { applyMessage, type LiveView } from "../../dashboard/state/live-view.ts";
import type { LiveMessage, LiveState } from "../../workers/domain/live.ts";
import type { Site } from "../../workers/domain/site.ts";
import { fetchRaw } from "./worker.ts";

export interface Viewer {
  socket: WebSocket;
  messages: LiveMessage[];
  /** The messages applied as the dashboard does. */
  state(): LiveState | undefined;
  close(): void;
}

export const viewers: Viewer[] = [];

export function closeViewers(): void {
  for (const viewer of viewers.splice(0)) viewer.close();
}

export async function watch(site: Site): Promise<Viewer> {
  const response = await fetchRaw("GET", `/api/v1/sites/${site.id}/live`, { headers: { upgrade: "websocket" } });
  if (!response.webSocket) throw new Error(`no socket: ${response.status} ${await response.text()}`);
  const { webSocket: socket } = response;
  const messages: LiveMessage[] = [];
  socket.addEventListener("message", ({ data }) => {
    if (data !== "pong") messages.push(JSON.parse(String(data)));
  });
  socket.accept();
  const state = () => messages.reduce<LiveView | null>(applyMessage, null)?.state;
  const viewer = { socket, messages, state, close: () => socket.close(1000) };
  viewers.push(viewer);
  await expect.poll(() => messages[0]?.type).toBe("snapshot");
  return viewer;
}
