// Names of events: whether they follow the convention, and whether two of them mean the same.

import { ENGAGEMENT, PAGEVIEW } from "../domain/event.ts";
import { isStandardEvent } from "../domain/standard-events.ts";
import type { NamingConvention } from "../domain/tracking-plan.ts";
import { editDistance } from "./edit-distance.ts";

export interface NamingHint {
  name: string;
  rule: "style" | "action" | "tense" | "near_duplicate";
  message: string;
  /** A name that would do; null where only a person can tell. */
  suggestion: string | null;
}

const STYLES: Readonly<Record<NamingConvention, RegExp>> = {
  object_action: /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/,
  snake_case: /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/,
  camelCase: /^[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*$/,
  "kebab-case": /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
  any: /^/,
};

/** Past forms that do not end in -ed, by their present. */
const IRREGULAR: Readonly<Record<string, string>> = {
  send: "sent",
  show: "shown",
  see: "seen",
  begin: "begun",
  buy: "bought",
  pay: "paid",
  make: "made",
  take: "taken",
  give: "given",
  find: "found",
  lose: "lost",
  win: "won",
  leave: "left",
  read: "read",
  write: "written",
  go: "gone",
  choose: "chosen",
  hide: "hidden",
  build: "built",
  spend: "spent",
  get: "got",
  put: "put",
  set: "set",
  run: "run",
  withdraw: "withdrawn",
  draw: "drawn",
  break: "broken",
  quit: "quit",
  reset: "reset",
  split: "split",
  cut: "cut",
};
const PAST: ReadonlySet<string> = new Set(Object.values(IRREGULAR));
const PRESENT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(IRREGULAR).map(([present, past]) => [past, present]),
);

/** Regular verbs that products measure, in the present, to tell an action from an object. */
const VERBS: ReadonlySet<string> = new Set(
  `abandon accept access activate add apply approve archive assign attach book call cancel change check click close
  complete confirm connect continue convert copy create decline delete deliver deploy disable dismiss download drag drop
  edit enable enter execute expand expire export fail favorite filter finish focus follow grant handle hover import
  install invite join launch like load log login mark move navigate open order pause perform place play preview press
  process publish purchase rate receive redeem refresh refund register reject remove rename renew reply report request
  resolve restore resume retry return review save schedule scroll search select share sign signup skip sort start stop
  submit subscribe swipe switch sync tap toggle track transfer try unsubscribe update upgrade upload use validate verify
  view visit vote watch`.split(/\s+/),
);

/** They belong to the verb before them: `sign_up` has no object. */
const PARTICLES: ReadonlySet<string> = new Set(["up", "in", "out", "on", "off", "down"]);

/** Words of a name in any style, in lower case. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

const isPast = (word: string): boolean => PAST.has(word) || (word.length > 3 && word.endsWith("ed"));
const isVerb = (word: string): boolean => VERBS.has(word) || Object.hasOwn(IRREGULAR, word);

function pastOf(verb: string): string {
  const irregular = Object.hasOwn(IRREGULAR, verb) ? IRREGULAR[verb] : undefined;
  if (irregular !== undefined) return irregular;
  if (verb.endsWith("e")) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  if (/^(?:drag|drop|log|stop|skip|submit|swap|tap|ship)$/.test(verb)) return `${verb}${verb.at(-1)}ed`;
  return `${verb}ed`;
}

/** `object_action[_state]`: from the second word on, one says what happened. */
function actionHint(name: string, words: readonly string[]): NamingHint | null {
  if (words.slice(1).some(isPast)) return null;
  const [first = "", ...rest] = words;
  const last = words.at(-1) ?? "";
  if (rest.length > 0 && isVerb(last)) {
    const suggestion = [...words.slice(0, -1), pastOf(last)].join("_");
    return { name, rule: "tense", message: `say that it has happened: ${suggestion}`, suggestion };
  }
  const isPhrase = PARTICLES.has(rest[0] ?? "");
  if (rest.length > 0 && !isPhrase && (isPast(first) || isVerb(first))) {
    const suggestion = [...rest, isPast(first) ? first : pastOf(first)].join("_");
    return { name, rule: "action", message: `name the object first, then what happened: ${suggestion}`, suggestion };
  }
  const message = "name an object and what happened to it, such as order_completed";
  return { name, rule: "action", message, suggestion: null };
}

function styled(words: readonly string[], convention: NamingConvention): string {
  if (convention === "kebab-case") return words.join("-");
  if (convention !== "camelCase") return words.join("_");
  return words.map((word, i) => (i === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join("");
}

function styleHint(name: string, convention: NamingConvention): NamingHint | null {
  if (STYLES[convention].test(name)) return null;
  const words = wordsOf(name);
  const suggestion = words.length > 0 && /^[a-z]/.test(words[0]!) ? styled(words, convention) : null;
  const style = convention === "object_action" ? "snake_case" : convention;
  return { name, rule: "style", message: `write it in ${style}${suggestion ? `: ${suggestion}` : ""}`, suggestion };
}

/** Words that tell events apart from none. */
const FILLERS: ReadonlySet<string> = new Set(["user", "the", "a", "an", "app", "event", "has", "was", "is", "new"]);

/** The word without its ending: created, creates and creating are one. */
function stem(word: string): string {
  const present = Object.hasOwn(PRESENT, word) ? PRESENT[word] : undefined;
  const bare = present ?? word.replace(/(?:ing|ied|ed|es|s)$/, "");
  return (bare.length >= 3 ? bare : word).replace(/(?:(.)\1|e|y|i)$/, "$1");
}

function stemsOf(name: string): string[] {
  const words = wordsOf(name);
  const telling = words.filter((word) => !FILLERS.has(word));
  return (telling.length > 0 ? telling : words).map(stem);
}

/** One slip of the finger in one long word. */
function differsByTypo(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const other = a.flatMap((word, i) => (word === b[i] ? [] : [[word, b[i]!] as const]));
  const [pair] = other;
  return (
    other.length === 1 &&
    pair !== undefined &&
    Math.min(...pair.map((one) => one.length)) >= 5 &&
    editDistance(...pair) === 1
  );
}

export function isNearDuplicate(a: string, b: string): boolean {
  const [left, right] = [stemsOf(a), stemsOf(b)];
  if (left.join("") === right.join("")) return true;
  if (left.toSorted().join(" ") === right.toSorted().join(" ")) return true;
  return differsByTypo(left, right);
}

/** `known` are names that are there besides: those seen, and those of packs. A pair is told once, of the name that is linted. */
export function lintNames(
  names: readonly string[],
  convention: NamingConvention,
  known: readonly string[] = [],
): NamingHint[] {
  const hints: NamingHint[] = [];
  const others = [...names, ...known.filter((name) => !names.includes(name))];
  for (const [i, name] of names.entries()) {
    const isFree = name === PAGEVIEW || name === ENGAGEMENT || isStandardEvent(name);
    const style = isFree ? null : styleHint(name, convention);
    const action = !isFree && !style && convention === "object_action" ? actionHint(name, wordsOf(name)) : null;
    for (const hint of [style, action]) if (hint) hints.push(hint);
    const twin = others.find((other, j) => j > i && other !== name && isNearDuplicate(name, other));
    if (twin !== undefined) {
      hints.push({
        name,
        rule: "near_duplicate",
        message: `is it the same as ${twin}? keep one of the two`,
        suggestion: twin,
      });
    }
  }
  return hints;
}
