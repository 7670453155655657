import { keyKind } from "./key-kind.ts";

/** Beside a name, what only things have. */
const OF_THINGS = new Set(
  (
    "price sku productid product brand category variant quantity currency amount size version itemid items coupon position " +
    "rating unit duration model fileid filetype mimetype bytes path"
  ).split(" "),
);

const PART = "\\p{Lu}(?:\\p{Ll}+|\\.)(?:['’-]\\p{Lu}?\\p{Ll}+)*";
/** Two to four words with capitals, particles between: `Jane Roe`, `J. van der Berg`. */
const LOOKS = new RegExp(
  `^${PART}(?: (?:${PART}|van|von|de|der|den|da|di|la|le|el|bin|al|O'\\p{Lu}\\p{Ll}+)){1,4}$`,
  "u",
);
const LONGEST = 60;

/** Whether a value has the form of a person's name: first and last, each with its capital. */
export function looksLikeName(value: string): boolean {
  return value.length <= LONGEST && LOOKS.test(value.trim());
}

/** Whether the record that has these keys is about a thing, or about a person, or says neither. */
export function subjectOf(keys: readonly string[]): "person" | "thing" | "unknown" {
  let thing = false;
  for (const raw of keys) {
    const { key, kind } = keyKind(raw);
    if (kind === "person" || kind === "email" || kind === "phone" || kind === "national_id") return "person";
    thing ||= OF_THINGS.has(key);
  }
  return thing ? "thing" : "unknown";
}
