import { matchesWildcard } from "../../domain/goal.ts";
import {
  type FoundKind,
  OWN_PATTERN,
  PII_KINDS,
  type PiiAction,
  type PiiKind,
  type PiiPlace,
  type PiiSettings,
} from "../../domain/pii-kind.ts";
import { pseudonym } from "../identity.ts";
import type { AboutText, Span } from "./detector.ts";
import { apart, findPii, WRITTEN } from "./find-pii.ts";
import { type CompiledPattern, compilePattern } from "./own-patterns.ts";

/** How often each kind was found at each place: `email title` → 2. Values are in none of it. */
export type FoundCounts = Record<string, number>;

export const countName = (kind: FoundKind, place: PiiPlace): string => `${kind} ${place}`;

/** Both together; the first may be missing, and is added to. */
export function addFound(sum: FoundCounts = {}, more: FoundCounts): FoundCounts {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** A site's settings, made ready. */
export interface Masking {
  settings: PiiSettings;
  isAllowed(value: string): boolean;
  isAllowedKey(key: string): boolean;
  own: readonly CompiledPattern[];
}

const prepared = new WeakMap<PiiSettings, Masking>();

export function maskingOf(settings: PiiSettings): Masking {
  const known = prepared.get(settings);
  if (known) return known;
  const masking = prepare(settings);
  prepared.set(settings, masking);
  return masking;
}

function prepare(settings: PiiSettings): Masking {
  const values = settings.allow.values.map((value) => value.toLowerCase());
  const keys = new Set(settings.allow.keys.map((key) => key.toLowerCase()));
  return {
    settings,
    isAllowed(value) {
      if (values.length === 0) return false;
      const lower = value.toLowerCase();
      return values.some((pattern) => matchesWildcard(pattern, lower));
    },
    isAllowedKey: (key) => keys.size > 0 && keys.has(key.toLowerCase()),
    own: settings.patterns.map(compilePattern),
  };
}

/** Under which key of the installation equal values get the same hash, one site's never another's. */
export interface HashKey {
  identityKey: Uint8Array;
  siteId: string;
}

export interface MaskTask {
  masking: Masking;
  hash: HashKey;
  place: PiiPlace;
  counts: FoundCounts;
  /** Left out: `WRITTEN`. */
  about?: AboutText;
}

export interface Masked {
  text: string;
  /** Something in it was left out: a property goes as a whole. */
  dropped: boolean;
}

const CHANGED = /[^\p{L}\p{N}@.]+/gu;

/** Eight hexadecimal digits, the same however the value was spaced or capitalised. */
function hashOf(value: string, { identityKey, siteId }: HashKey): string {
  const plain = value.toLowerCase().replace(CHANGED, "");
  return pseudonym(identityKey, `${siteId}\npii\n${plain}`).slice(0, 8);
}

const NONE: Decided[] = [];

interface Decided extends Span {
  kind: FoundKind;
  action: PiiAction;
  mark: string;
}

function decided(text: string, { masking, about = WRITTEN }: MaskTask): Decided[] {
  const { settings, own, isAllowed } = masking;
  const detected = findPii(text, about);
  if (detected.length === 0 && own.length === 0) return NONE;
  const found: Decided[] = [];
  for (const { name, action, find } of own) {
    for (const span of find(text)) found.push({ ...span, kind: OWN_PATTERN, action, mark: name });
  }
  for (const span of detected) {
    const action = settings.kinds[span.kind];
    if (action !== "off") found.push({ ...span, action, mark: PII_KINDS[span.kind].mark });
  }
  const kept = found.filter(({ start, end }) => !isAllowed(text.slice(start, end)));
  return kept.length < 2 ? kept : apart(kept);
}

/** Stands where nothing may be missing, once a value was left out. */
const REMOVED: Partial<Record<PiiPlace, string>> = { url: "(removed)", referrer: "(removed)", name: "(removed)" };

function standIn({ action, mark }: Decided, value: string, { place, hash }: MaskTask): string {
  if (action === "drop") return REMOVED[place] ?? "";
  return action === "hash" ? `(${mark}:${hashOf(value, hash)})` : `(${mark})`;
}

/** Counts what is found in a text and puts what the site wants in its place. */
export function maskText(text: string, task: MaskTask): Masked {
  const found = decided(text, task);
  if (found.length === 0) return { text, dropped: false };
  let result = "";
  let from = 0;
  for (const one of found) {
    count(task, one.kind);
    result += text.slice(from, one.start) + standIn(one, text.slice(one.start, one.end), task);
    from = one.end;
  }
  return { text: result + text.slice(from), dropped: found.some(({ action }) => action === "drop") };
}

/** The same for a whole value of which its key says what it is. */
export function maskWhole(text: string, kind: PiiKind, task: MaskTask): Masked {
  const action = task.masking.settings.kinds[kind];
  if (action === "off" || task.masking.isAllowed(text)) return maskText(text, task);
  count(task, kind);
  const whole: Decided = { start: 0, end: text.length, kind, action, mark: PII_KINDS[kind].mark };
  return { text: standIn(whole, text, task), dropped: action === "drop" };
}

function count({ counts, place }: MaskTask, kind: FoundKind): void {
  const name = countName(kind, place);
  counts[name] = (counts[name] ?? 0) + 1;
}
