import { LIMITS } from "../domain/beacon.ts";
import { invalid, type Refusal } from "./draft.ts";

// One walk over a payload before zod sees it, for what zod cannot tell: own `__proto__` keys (JSON.parse keeps them, zod
// skips them in silence), depth, size, and strings that storage cannot hold.

const MAX_DEPTH = 16;
const NUL = "\0";
const encoder = new TextEncoder();

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Well-formed Unicode without NUL: a lone surrogate is no UTF-8, and SQLite's JSON functions end a string at NUL. */
export function cleanText(text: string): string {
  if (isClean(text)) return text;
  return text.toWellFormed().replaceAll(NUL, "");
}

function isClean(text: string): boolean {
  return text.isWellFormed() && !text.includes(NUL);
}

interface Walk {
  /** Upper bound of the size as JSON, in bytes. */
  bytes: number;
  clean: boolean;
  refusal: Refusal | undefined;
}

/** The payload with clean strings (the same object when they were clean already), or why it cannot be taken. */
export function admitPayload(payload: Record<string, unknown>): { payload: Record<string, unknown> } | Refusal {
  const walk: Walk = { bytes: 0, clean: true, refusal: undefined };
  visit(payload, [], walk);
  if (walk.refusal) return walk.refusal;
  if (walk.bytes > LIMITS.eventBytes && encoder.encode(JSON.stringify(payload)).length > LIMITS.eventBytes) {
    return invalid("event", `an event may hold at most ${LIMITS.eventBytes} bytes`);
  }
  return { payload: walk.clean ? payload : cleanRecord(payload) };
}

function visit(value: unknown, path: string[], walk: Walk): void {
  if (walk.refusal) return;
  if (typeof value === "string") {
    // A UTF-16 unit takes at most six bytes of JSON, as an escape.
    walk.bytes += value.length * 6 + 3;
    walk.clean &&= isClean(value);
    return;
  }
  if (typeof value !== "object" || value === null) {
    walk.bytes += 26;
    return;
  }
  if (path.length >= MAX_DEPTH) {
    walk.refusal = invalid(path.join("."), `values may be nested at most ${MAX_DEPTH} deep`);
    return;
  }
  if (Array.isArray(value)) visitList(value, path, walk);
  else visitFields(value, path, walk);
}

function visitList(list: unknown[], path: string[], walk: Walk): void {
  walk.bytes += 3;
  for (let i = 0; i < list.length && !walk.refusal; i++) {
    path.push(String(i));
    visit(list[i], path, walk);
    path.pop();
  }
}

function visitFields(record: object, path: string[], walk: Walk): void {
  walk.bytes += 3;
  for (const [key, value] of Object.entries(record)) {
    path.push(key);
    const name = cleanText(key);
    if (name === "__proto__" || name === "constructor" || name === "prototype") {
      walk.refusal = invalid(path.join("."), `a field may not be named ${name}`);
    }
    walk.bytes += key.length * 6 + 4;
    walk.clean &&= name === key;
    visit(value, path, walk);
    path.pop();
    if (walk.refusal) return;
  }
}

function cleanRecord(record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [cleanText(key), cleanValue(value)]));
}

function cleanValue(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  return typeof value === "object" && value !== null ? cleanRecord(value) : value;
}
