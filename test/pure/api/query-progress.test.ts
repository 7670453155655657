import { describe, expect, it } from "vitest";
import { type Progress, streamAnswer, type Watching, watching } from "../../../workers/api/query-progress.ts";
import { AppError } from "../../../workers/domain/errors.ts";

/** An answer that the test gives, and the watch that it was asked with. */
function anAnswer() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let watch: Watching | undefined;
  return {
    asked(own: Watching) {
      watch = own;
      own.began("a");
      return promise;
    },
    tell: (scanned: number) => watch!.told("a", { scanned, rows: 10 }),
    resolve,
    reject,
  };
}

async function begun(answer: ReturnType<typeof anAnswer>): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const response = streamAnswer("application/x-ndjson", answer.asked);
  answer.tell(1);
  return (await response).body!.getReader();
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<unknown> {
  const { value } = await reader.read();
  return value && JSON.parse(new TextDecoder().decode(value));
}

describe("an answer line by line", () => {
  it("comes after how far it was, and ends", async () => {
    const answer = anAnswer();
    const reader = await begun(answer);
    expect(await next(reader)).toEqual({ progress: { shards: 1, done: 0, scanned: 1, rows: 10 } });
    expect(answer.tell(7)).toBe(true);
    expect(await next(reader)).toMatchObject({ progress: { scanned: 7 } });
    answer.resolve("found");
    expect([await next(reader), await next(reader)]).toEqual([{ result: "found" }, undefined]);
  });

  it("is not wanted any more once the request is closed", async () => {
    const answer = anAnswer();
    const reader = await begun(answer);
    await reader.cancel();
    expect(answer.tell(7)).toBe(false);
    answer.reject(new Error("the scan was cancelled"));
  });

  it("that fails before anything was scanned keeps its status, and afterwards is a line", async () => {
    const refused = new AppError("invalid", "no such metric");
    await expect(streamAnswer("text/event-stream", () => Promise.reject(refused))).rejects.toBe(refused);
    const answer = anAnswer();
    const reader = await begun(answer);
    await next(reader);
    answer.reject(new AppError("unavailable", "a shard is away"));
    expect(await next(reader)).toMatchObject({ error: { code: "unavailable", detail: "a shard is away" } });
  });
});

describe("progress", () => {
  it("adds up the shards, and never goes back when one is done", () => {
    const said: Progress[] = [];
    const watch = watching(
      (progress) => void said.push(progress),
      () => true,
    );
    for (const shard of ["a", "b"]) watch.began(shard);
    watch.told("a", { scanned: 4, rows: 10 });
    watch.told("b", { scanned: 5, rows: 20 });
    watch.ended("a");
    watch.told("a", { scanned: 8, rows: 10 });
    watch.ended("b");
    expect(said.map(({ done, scanned, rows }) => [done, scanned, rows])).toEqual([
      [0, 4, 10],
      [0, 9, 30],
      [1, 15, 30],
      [2, 30, 30],
    ]);
  });
});
