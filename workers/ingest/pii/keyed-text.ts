import type { PiiKind } from "../../domain/pii-kind.ts";
import type { Span } from "./detector.ts";
import { fitsKind, type KeyKind, keyKind } from "./key-kind.ts";
import { looksLikeName } from "./person-name.ts";

// Keys within a text: `?token=abc&name=Jane+Roe`, `password: hunter2`, `"api_key":"…"`.

const LONGEST_KEY = 40;
const LONGEST_VALUE = 500;
const KEY_SIGN = /[\p{L}\p{N}_.\-[\]]/u;
const VALUE_ENDS = /[\s&;,<>"'#]/;

export interface KeyedSpan extends Span {
  kind: PiiKind;
}

function keyBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < 2 && /["' ]/.test(text[end - 1]!)) end--;
  let start = end;
  while (start > 0 && end - start < LONGEST_KEY && KEY_SIGN.test(text[start - 1]!)) start--;
  return text.slice(start, end);
}

function valueAfter(text: string, at: number): Span & { quoted: boolean } {
  let start = at;
  while (start < text.length && start - at < 2 && text[start] === " ") start++;
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const end = text.slice(start + 1, start + 1 + LONGEST_VALUE).indexOf(quote);
    if (end >= 0) return { start: start + 1, end: start + 1 + end, quoted: true };
  }
  let end = start;
  while (end < text.length && end - start < LONGEST_VALUE && !VALUE_ENDS.test(text[end]!)) end++;
  return { start, end, quoted: false };
}

/** In prose a colon may follow any word: what comes after must have the look of a secret. */
const looksSecret = (value: string) =>
  value.length >= 6 && /[\d!@$%^*_+=-]/.test(value) && !/^\d{1,2}:\d\d/.test(value);

/** What the key before a sign says; null for most words. */
function keyAt(text: string, at: number): KeyKind | null {
  const raw = keyBefore(text, at);
  if (raw === "") return null;
  const found = keyKind(raw.slice(raw.lastIndexOf(".") + 1));
  return found.kind !== null || found.isName ? found : null;
}

function kindOf({ key, kind, isName }: KeyKind, found: string, isSure: boolean): PiiKind | null {
  const plain = found.replaceAll("+", " ");
  if (isName) return looksLikeName(plain) ? "person" : null;
  if (kind === null || !fitsKind(kind, plain, key)) return null;
  // After a colon in prose, addresses and the like are found by what they are.
  return isSure || (kind === "secret" && looksSecret(found)) ? kind : null;
}

export function findKeyed(text: string): KeyedSpan[] {
  const spans: KeyedSpan[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign !== "=" && sign !== ":") continue;
    const key = keyAt(text, at);
    if (!key) continue;
    const { start, end, quoted } = valueAfter(text, at + 1);
    if (end <= start || text.startsWith("//", start)) continue;
    const kind = kindOf(key, text.slice(start, end), sign === "=" || quoted);
    if (kind === null) continue;
    spans.push({ start, end, kind });
    at = end - 1;
  }
  return spans;
}
