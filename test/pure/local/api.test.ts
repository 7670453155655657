import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectApi, problemText } from "../../../workers/local/replay/api.ts";
import { type ImportDoor, openImportDoor } from "./import-door.ts";

let door: ImportDoor;
let waits: number[] = [];

beforeEach(async () => {
  door = await openImportDoor();
  waits = [];
});
afterEach(() => door.close());

function connect(signal?: AbortSignal) {
  const wait = async (ms: number) => void waits.push(ms);
  return connectApi({ url: door.url, key: "k", patienceMs: 60_000, wait, ...(signal && { signal }) });
}

const ask = { method: "POST", path: "/api/v1/sites" } as const;
const total = () => waits.reduce((sum, ms) => sum + ms, 0);

describe("a request that may be repeated", () => {
  it("waits ever longer, and as long as the server asks", async () => {
    door.trouble = ({ count }) => {
      if (count === 4) return { status: 429, headers: { "retry-after": "7" } };
      return count < 4 ? { status: 500 } : null;
    };
    expect((await connect().request(ask)).status).toBe(409);
    expect(waits).toEqual([100, 200, 400, 7000]);
  });

  it("gives up early on a server that has never answered", async () => {
    await door.close();
    await expect(connect().request(ask)).rejects.toThrow("the server does not answer");
    expect(total()).toBeLessThanOrEqual(5000);
  });

  it("outlasts the restart of one that has", async () => {
    const api = connect();
    await api.request(ask);
    await door.close();
    await expect(api.request(ask)).rejects.toThrow("gave up after");
    expect(total()).toBeGreaterThan(50_000);
    expect(total()).toBeLessThanOrEqual(60_000);
  });

  it("does not try again after a stop", async () => {
    const controller = new AbortController();
    door.trouble = () => {
      controller.abort();
      return { status: 503 };
    };
    await expect(connect(controller.signal).request(ask)).rejects.toThrow("aborted");
    expect(door.requests).toHaveLength(1);
  });
});

describe("a problem in one line", () => {
  it("names the field and the remedy", () => {
    const errors = [{ path: "events.3.url", message: "use an absolute address" }];
    expect(problemText(400, { detail: "the body does not fit", errors })).toBe(
      "400: the body does not fit (events.3.url: use an absolute address)",
    );
    expect(problemText(502, null)).toBe("the server answered 502");
  });
});
