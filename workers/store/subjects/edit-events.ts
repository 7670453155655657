// Packed events without those of erased persons, and without their names in those of others. Every store that holds events
// as they came is rewritten by this one rule.
import { EVENT_FIELDS, type PackedEvent, type PropValue, unpackEvent } from "../../domain/event.ts";
import { type Identity, isTheirs, type Subject, type SubjectIds } from "../../domain/subject.ts";
import { createNameEraser, type NameKey } from "./names.ts";
import { createSeal } from "./seal-ids.ts";

/** Text that a site sends; what we make ourselves, such as a place or a browser's name, names nobody. */
export const NAMING_FIELDS = [
  "name",
  "path",
  "title",
  "referrer",
  "source",
  "utmSource",
  "utmMedium",
  "utmCampaign",
  "utmTerm",
  "utmContent",
] as const satisfies readonly (typeof EVENT_FIELDS)[number][];

const PLACES = NAMING_FIELDS.map((field) => EVENT_FIELDS.indexOf(field));
const PROPS = EVENT_FIELDS.indexOf("props");

export interface EventEditor {
  isTheirs(event: Identity): boolean;
  /** The same text, or `(erased)`. */
  erase(text: string): string;
  /** A property's value with every text in it erased that names somebody. */
  eraseValue(value: PropValue): PropValue;
  /** What is left of the events; an event without a name in it is returned as it is. */
  edit(events: readonly PackedEvent[]): PackedEvent[];
  /** The same event without the names in it. */
  unnamed(packed: PackedEvent): PackedEvent;
}

function idsOf({ userId, persistentIds, visitorIds, sealed }: Subject, seal: (id: string) => string): SubjectIds {
  const [browsers, visitors] = [new Set(persistentIds), new Set(visitorIds)];
  const known = sealed ? seal : (id: string) => id;
  return {
    isBrowser: userId === "",
    user: (id) => known(id) === userId,
    persistent: (id) => browsers.has(known(id)),
    visitor: (id) => visitors.has(known(id)),
  };
}

export function createEventEditor(subjects: readonly Subject[], key: NameKey): EventEditor {
  const erase = createNameEraser(subjects, key);
  const seal = createSeal(key);
  const whom = subjects.map((subject) => idsOf(subject, seal));
  const theirs: EventEditor["isTheirs"] = (event) => whom.some((subject) => isTheirs(event, subject));

  function eraseValue(value: PropValue): PropValue {
    if (typeof value === "string") return erase(value);
    if (Array.isArray(value)) return value.map(eraseValue);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, eraseValue(own)]));
  }

  function unnamed(packed: PackedEvent): PackedEvent {
    const fields: unknown[] = [...packed];
    let changed = false;
    for (const place of PLACES) {
      const text = fields[place];
      if (typeof text !== "string") continue;
      fields[place] = erase(text);
      changed ||= fields[place] !== text;
    }
    const { props } = unpackEvent(packed);
    if (props) {
      const left = eraseValue(props);
      if (JSON.stringify(left) !== JSON.stringify(props)) {
        fields[PROPS] = left;
        changed = true;
      }
    }
    return changed ? (fields as unknown as PackedEvent) : packed; // the same fields, texts for texts
  }

  return {
    isTheirs: theirs,
    erase,
    eraseValue,
    unnamed,
    edit: (events) => events.filter((packed) => !theirs(unpackEvent(packed))).map(unnamed),
  };
}
