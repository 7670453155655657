// Lines of a backup's events, without those of people who were erased since it was made.
import { type Erased, splitEventLine } from "../domain/backup.ts";
import { AppError } from "../domain/errors.ts";
import { EVENT_FIELDS, type PackedEvent } from "../domain/event.ts";

type Given = { importId: string; body: string; count: number };

const [VISITOR, USER, PERSISTENT] = (["visitorId", "userId", "persistentId"] as const).map((name) =>
  EVENT_FIELDS.indexOf(name),
) as [number, number, number]; // as many as names

/** Whether an event names one of the erased; a browser or visitor of theirs that another user has too stays that one's. */
function isErased(erased: readonly Erased[]) {
  const users = new Set(erased.map(({ userId }) => userId).filter((id) => id !== ""));
  const browsers = new Set(erased.flatMap(({ persistentIds }) => persistentIds));
  const visitors = new Set(erased.flatMap(({ visitorIds }) => visitorIds));
  return (packed: PackedEvent): boolean => {
    const user = String(packed[USER]);
    if (user !== "") return users.has(user);
    return browsers.has(String(packed[PERSISTENT])) || visitors.has(String(packed[VISITOR]));
  };
}

const parsePacked = (text: string): PackedEvent => JSON.parse(text) as PackedEvent; // a shard wrote it, field by field

export function restorableEvents(text: string, erased: readonly Erased[]): { events: Given[]; erased: number } {
  const names = isErased(erased);
  const byImport = new Map<string, string[]>();
  let left = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const split = splitEventLine(line);
    if (!split) throw new AppError("malformed", "send lines of import and packed event, as a backup has them");
    if (erased.length > 0 && names(parsePacked(split.packed))) {
      left++;
      continue;
    }
    const own = byImport.get(split.importId) ?? [];
    own.push(split.packed);
    byImport.set(split.importId, own);
  }
  const events = Array.from(byImport, ([importId, own]) => ({ importId, body: own.join(","), count: own.length }));
  return { events, erased: left };
}

/** What a shard had in mind, without the open sessions of visitors who were erased. */
export function restorableMemory(text: string, erased: readonly Erased[]): string {
  const visitors = new Set(erased.flatMap(({ visitorIds }) => visitorIds));
  if (visitors.size === 0) return text;
  const memory = JSON.parse(text) as { sessions: string | null }; // as a shard gave it
  if (memory.sessions === null) return text;
  const sessions = (JSON.parse(memory.sessions) as [string, unknown][]).filter(([id]) => !visitors.has(id)); // likewise
  return JSON.stringify({ ...memory, sessions: JSON.stringify(sessions) });
}
