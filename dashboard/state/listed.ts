// A list that a panel loads, and the reply of what was last done to it.
import { useEffect, useState } from "preact/hooks";
import type { Failure, Reply } from "./api.ts";

export interface Listed<T> {
  items: T[] | null;
  failure: Failure | null;
  load: () => Promise<void>;
  /** Does something to the list and loads it anew; the value, or null when it was refused. */
  change: <Value>(work: Promise<Reply<Value>>) => Promise<{ value: Value } | null>;
}

export function useListed<T>(key: string, ask: () => Promise<Reply<T[]>>): Listed<T> {
  const [items, setItems] = useState<T[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    const reply = await ask();
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setItems(reply.value);
  };
  useEffect(() => void load(), [key]);
  const change = async <Value>(work: Promise<Reply<Value>>) => {
    const reply = await work;
    if (!reply.ok) {
      setFailure(reply.failure);
      return null;
    }
    await load();
    return { value: reply.value };
  };
  return { items, failure, load, change };
}

/** The same reply with another value. */
export const mapReply = <A, B>(reply: Reply<A>, map: (value: A) => B): Reply<B> =>
  reply.ok ? { ok: true, value: map(reply.value) } : reply;
