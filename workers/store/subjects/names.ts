// Texts that name a person, known by keyed hashes alone: the request's own words are forgotten as soon as it is taken, and
// a copy that is restored later can still be searched for them.
import { createHmac } from "node:crypto";
import { ERASED, type Subject } from "../../domain/subject.ts";

/** Shorter texts stand for too much else; a user id of digits only may be anybody's order number. */
const LEAST_LENGTH = 3;
const BETWEEN = /[\s/?&=#:;,<>()[\]{}"'|]+/;

function plain(text: string): string {
  try {
    return decodeURIComponent(text).normalize("NFC").toLowerCase();
  } catch {
    // A percent sign that encodes nothing.
    return text.normalize("NFC").toLowerCase();
  }
}

/** The text itself and each word of it, as addresses and sentences divide them. */
export function wordsOf(text: string): string[] {
  const whole = plain(text).trim();
  return [...new Set([whole, ...whole.split(BETWEEN)])].filter(({ length }) => length >= LEAST_LENGTH);
}

export interface NameKey {
  identityKey: Uint8Array;
  siteId: string;
}

/** Its length first, so that most texts are told apart without hashing them. */
function hashOf(word: string, { identityKey, siteId }: NameKey): string {
  const hash = createHmac("sha256", identityKey).update(`${siteId}\nname\n${word}`).digest("hex");
  return `${word.length}:${hash.slice(0, 32)}`;
}

/** What is kept of the names that a request gives; a user id counts as one unless it might well be another's number. */
export function nameHashes(names: readonly string[], key: NameKey): string[] {
  const whole = names.map((name) => plain(name).trim()).filter(({ length }) => length >= LEAST_LENGTH);
  return [...new Set(whole)].map((name) => hashOf(name, key));
}

/** Whether a user id by itself tells the person from the world: it has a letter or a sign, and some length. */
export const isTelling = (userId: string): boolean => userId.length >= 5 && !/^\d+$/.test(userId);

/** The same text, or `(erased)` where it or a word of it is one of the names. Remembers what it was asked. */
export function createNameEraser(subjects: readonly Pick<Subject, "names">[], key: NameKey): (text: string) => string {
  const hashes = new Set(subjects.flatMap(({ names }) => names));
  const lengths = new Set([...hashes].map((hash) => Number(hash.slice(0, hash.indexOf(":")))));
  const known = new Map<string, boolean>();
  const MOST_KNOWN = 100_000;
  const names = (text: string): boolean =>
    wordsOf(text).some((word) => lengths.has(word.length) && hashes.has(hashOf(word, key)));
  return (text) => {
    if (hashes.size === 0 || text === "" || text === ERASED) return text;
    let isName = known.get(text);
    if (isName === undefined) {
      isName = names(text);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(text, isName);
    }
    return isName ? ERASED : text;
  };
}
