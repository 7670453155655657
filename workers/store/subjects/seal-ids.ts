// What is kept of an erased person's ids: keyed hashes of as many digits, by which a copy of before can still be searched.
import { createHmac } from "node:crypto";
import type { NameKey } from "./names.ts";

/** Remembers the last of what it was asked, since the same visitors come again and again. */
export function createSeal({ identityKey, siteId }: NameKey): (id: string) => string {
  const MOST_KNOWN = 50_000;
  const known = new Map<string, string>();
  return (id) => {
    if (id === "") return "";
    const before = known.get(id);
    if (before !== undefined) return before;
    const sealed = createHmac("sha256", identityKey).update(`${siteId}\nerased\n${id}`).digest("hex").slice(0, 16);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(id, sealed);
    return sealed;
  };
}
