// The deployment's doors, asked by a program that may wait: what fails in passing is tried again.
import { setTimeout as wait } from "node:timers/promises";
import { problemText, Refused } from "../replay/api.ts";

const TRY_MS = 120_000;
const PATIENCE_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 10_000;

export interface Answer {
  bytes: Buffer;
  /** The header that says where the next part begins. */
  next: string | null;
}

export interface Door {
  ask(method: "GET" | "POST" | "PUT", path: string, body?: Uint8Array | object): Promise<Answer>;
}

interface Attempt {
  answer?: Answer;
  failure?: Error;
  waitMs?: number;
}

/** As JSON. The doors are our own: what they answer is as their types say. */
export const jsonOf = <T>({ bytes }: Answer): T => JSON.parse(bytes.toString()) as T; // as the caller knows the door

function isPassing(status: number, waitMs: number | undefined): boolean {
  return status === 429 || status >= 500 || (status === 409 && waitMs !== undefined);
}

async function attempt(request: () => Promise<Response>): Promise<Attempt> {
  let response: Response;
  let bytes: Buffer;
  try {
    response = await request();
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    return { failure: error instanceof Error ? error : new Error(String(error)) };
  }
  if (response.ok) return { answer: { bytes, next: response.headers.get("edgewise-next") } };
  const after = response.headers.get("retry-after");
  const waitMs = after === null ? undefined : Number(after) * 1000;
  const failure = new Refused(response.status, problemText(response.status, parsed(bytes)));
  if (!isPassing(response.status, waitMs)) throw failure;
  return { failure, ...(waitMs !== undefined && { waitMs }) };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}

export function openDoor(url: string, token: string): Door {
  return {
    async ask(method, path, body) {
      const isBytes = body instanceof Uint8Array;
      const request = () =>
        fetch(url + path, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": isBytes ? "application/octet-stream" : "application/json",
          },
          signal: AbortSignal.timeout(TRY_MS),
          ...(body !== undefined && { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
        });
      let waited = 0;
      for (let pause = 200; ; pause = Math.min(pause * 2, LONGEST_WAIT_MS)) {
        const { answer, failure, waitMs = pause } = await attempt(request);
        if (answer) return answer;
        if (waited + waitMs > PATIENCE_MS) throw failure;
        await wait(waitMs);
        waited += Math.max(waitMs, 50);
      }
    },
  };
}
