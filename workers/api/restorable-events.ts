// Lines of a backup's events, without those of people who were erased since it was made.
import { splitEventLine } from "../domain/backup.ts";
import { AppError } from "../domain/errors.ts";
import type { PackedEvent } from "../domain/event.ts";
import type { EventEditor } from "../store/subjects/edit-events.ts";

type Given = { importId: string; body: string; count: number };

/** What is left of an event, as it is to be kept; null when it is theirs. */
function leftOf(text: string, editor: EventEditor): string | null {
  const packed = JSON.parse(text) as PackedEvent; // a shard wrote it, field by field
  const [left] = editor.edit([packed]);
  if (!left) return null;
  return left === packed ? text : JSON.stringify(left);
}

/** `erased`: events that are left out. */
export function restorableEvents(text: string, editor: EventEditor | null): { events: Given[]; erased: number } {
  const byImport = new Map<string, string[]>();
  let erased = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const split = splitEventLine(line);
    if (!split) throw new AppError("malformed", "send lines of import and packed event, as a backup has them");
    const packed = editor ? leftOf(split.packed, editor) : split.packed;
    if (packed === null) {
      erased++;
      continue;
    }
    const own = byImport.get(split.importId) ?? [];
    own.push(packed);
    byImport.set(split.importId, own);
  }
  const events = Array.from(byImport, ([importId, own]) => ({ importId, body: own.join(","), count: own.length }));
  return { events, erased };
}

/** What a shard had in mind, without the open sessions of visitors who were erased. */
export function restorableMemory(text: string, editor: EventEditor | null): string {
  if (!editor) return text;
  const memory = JSON.parse(text) as { sessions: string | null }; // as a shard gave it
  if (memory.sessions === null) return text;
  const leaves = (visitorId: string) => editor.isTheirs({ userId: "", persistentId: "", visitorId });
  const sessions = (JSON.parse(memory.sessions) as [string, unknown][]).filter(([id]) => !leaves(id)); // likewise
  return JSON.stringify({ ...memory, sessions: JSON.stringify(sessions) });
}
