import type { LiveMessage, LiveState } from "../../workers/domain/live.ts";

type WithHeaders = new (url: string, options: { headers: Record<string, string> }) => WebSocket;
const NodeSocket = WebSocket as unknown as WithHeaders; // Node's takes headers, which the standard's types do not have

/** The state with which the live page begins. */
export function firstSnapshot(url: string, token: string): Promise<LiveState> {
  return new Promise((resolve, reject) => {
    const socket = new NodeSocket(url.replace("http", "ws"), { headers: { authorization: `Bearer ${token}` } });
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data)) as LiveMessage; // sent by LiveSite
      if (message.type !== "snapshot") return;
      socket.close();
      resolve(message.state);
    });
    socket.addEventListener("error", () => reject(new Error(`${url} gave no live state`)));
  });
}
