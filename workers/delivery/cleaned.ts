// Names and reasons can hold what a visitor sent. Before any channel has them, what can change the text around it is taken out.
import { cut, type Note, type SentMessage } from "./channel.ts";

const NAME_CHARS = 300;
const REASON_CHARS = 4000;

// Controls, and marks that turn the direction of the text that follows them; letters that run right to left stay.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** Never empty; halves of characters become the sign for what cannot be read. */
export function line(text: string, most: number): string {
  const seen = text.replaceAll(/[\t\r\n]+/g, " ").replace(UNSEEN, "");
  return cut(seen.toWellFormed().trim(), most) || "–";
}

/** Each text in one line and not longer than somebody reads. */
export function cleaned(message: SentMessage): SentMessage {
  const { site, incident, top } = message;
  const { name, reason } = incident;
  return {
    ...message,
    site: { ...site, name: line(site.name, NAME_CHARS) },
    incident: { ...incident, name: line(name, NAME_CHARS), reason: line(reason, REASON_CHARS) },
    top: top.map((one) => line(one, NAME_CHARS)),
  };
}

/** The same of what is no alert; its body keeps its lines. */
export function cleanedNote(note: Note): Note {
  const { title, body, end } = note;
  const lines = body.split("\n").map((one) => (one === "" ? "" : line(one, NAME_CHARS)));
  return {
    ...note,
    title: line(title, NAME_CHARS),
    body: cut(lines.join("\n"), REASON_CHARS) || "–",
    end: line(end, NAME_CHARS),
  };
}
