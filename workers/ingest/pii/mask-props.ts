import type { Props, PropValue } from "../../domain/event.ts";
import type { PiiKind } from "../../domain/pii-kind.ts";
import { fitsKind, type KeyKind, keyKind } from "./key-kind.ts";
import { type Masked, type MaskTask, maskText, maskWhole } from "./masking.ts";
import { looksLikeName, subjectOf } from "./person-name.ts";

export type PropsTask = Omit<MaskTask, "place" | "key">;

/** What is known of a value before it is looked at. */
interface Above {
  /** What its key says it is, or the key of a record that it is in. */
  kind: PiiKind | null;
  key: string;
  /** In a record about a person. */
  isPerson: boolean;
  /** Its key says that somebody typed it. */
  isTyped: boolean;
}

const TOP: Above = { kind: null, key: "", isPerson: false, isTyped: false };
/** Of an address, these tell nobody apart. */
const WIDE = new Set(["city", "country", "countrycode", "state", "region", "province", "type"]);
/** Smaller numbers hold nothing that is looked for. */
const LEAST_NUMBER = 1_000_000;

/** The properties with personal values replaced or left out; the same object when there are none. */
export function maskProps(props: Props, task: PropsTask): Props {
  return maskRecord(props, TOP, task);
}

function maskRecord(record: Record<string, PropValue>, above: Above, task: PropsTask): Record<string, PropValue> {
  let changed: Map<string, PropValue> | undefined;
  const keys = Object.keys(record);
  for (const [i, key] of keys.entries()) {
    const value = record[key]!;
    const isKept = task.masking.isAllowedKey(key);
    const name = isKept ? key : maskName(key, task);
    const masked = isKept ? value : maskValue(value, aboutOf([key, value], record, above), task);
    if (name !== key || masked !== value) changed ??= new Map(keys.slice(0, i).map((one) => [one, record[one]!]));
    if (changed && name !== undefined && masked !== undefined) changed.set(freeName(name, changed), masked);
  }
  return changed ? Object.fromEntries(changed) : record;
}

/** Two names that became the same stay two properties. */
function freeName(name: string, taken: ReadonlyMap<string, PropValue>): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name} ${i}`;
  return free;
}

function maskName(key: string, task: PropsTask): string | undefined {
  const { text, dropped } = maskText(key, { ...task, place: "property_name" });
  return dropped ? undefined : text;
}

type Entry = readonly [key: string, value: PropValue];

function aboutOf([key, value]: Entry, record: Record<string, PropValue>, above: Above): Above {
  const own = keyKind(key);
  const isNamed = typeof value === "string" ? looksLikeName(value) : own.isName && typeof value === "object";
  const kind = kindOf(own, isNamed, above) ?? (own.isName ? nameIn(record, isNamed && above.key === "") : null);
  const isPerson = own.isPerson || (above.isPerson && !own.isName);
  return { kind, key: own.key, isPerson, isTyped: own.isFreeText };
}

/** What the key alone says, with what it is within; of a name not yet whose. */
function kindOf(own: KeyKind, isNamed: boolean, above: Above): PiiKind | null {
  if (own.kind !== null) return own.kind;
  if (above.kind !== null) return WIDE.has(own.key) ? null : above.kind;
  if (own.isName && above.isPerson) return "person";
  return own.isPerson && isNamed ? "person" : null;
}

/** A name by what stands beside it, or else, of the event itself, by its looks: goods and files have names, too. */
function nameIn(record: Record<string, PropValue>, isNamed: boolean): PiiKind | null {
  const subject = subjectOf(Object.keys(record));
  if (subject === "unknown") return isNamed ? "person" : null;
  return subject === "person" ? "person" : null;
}

function maskValue(value: PropValue, about: Above, task: PropsTask): PropValue | undefined {
  if (typeof value === "string") return textOf(value, maskString(value, about, task));
  if (typeof value === "number") {
    const isSaid = about.kind === "secret" || about.kind === "person";
    if (!Number.isInteger(value) || (!isSaid && Math.abs(value) < LEAST_NUMBER)) return value;
    const text = String(value);
    // Nobody types a number: what was typed comes as a text.
    const masked = maskString(text, { ...about, isTyped: false }, task);
    return masked.text === text && !masked.dropped ? value : textOf(text, masked);
  }
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return maskRecord(value, passedOn(about), task);
  const items = value.map((item) => maskValue(item, about, task));
  const isSame = items.every((item, i) => item === value[i]);
  return isSame ? value : items.filter((item) => item !== undefined);
}

/** Only of names, addresses and secrets is every part one. */
function passedOn(about: Above): Above {
  return about.kind === "secret" || about.kind === "person" ? about : { ...about, kind: null };
}

const textOf = (text: string, masked: Masked): string | undefined => {
  if (masked.dropped) return undefined;
  return masked.text === text ? text : masked.text;
};

function maskString(text: string, { kind, key, isTyped }: Above, task: PropsTask): Masked {
  const whole = { ...task, place: "property_value", about: { key, isTyped } } as const;
  return kind !== null && fitsKind(kind, text, key) ? maskWhole(text, kind, whole) : maskText(text, whole);
}
