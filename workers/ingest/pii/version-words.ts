import { isSaidBefore } from "./said-before.ts";

const SAID = /(?:\b(?:v|ver|version|release|build|firmware|sdk|app|os|update|upgrade|from|to|→)[ :=.#-]*)$/;
const KEY = /(?:version|release|build|firmware)$/;

/** `Chrome/131.0.0.0` is a product with its version, in lower case only after a space or at the start: it may be a path. */
const PRODUCT = /(?:(?:^|[\s(])[A-Za-z][A-Za-z0-9_+-]*|[^A-Za-z0-9_][A-Z][A-Za-z0-9_+-]*)\/$/;
const UPGRADES = /\b(?:version|upgrade|update|release)/;

/** Whether numbers with dots that begin at `start` are called a version by what stands before them. */
export function readsAsVersion(text: string, start: number): boolean {
  if (start === 0) return false;
  const before = text.slice(Math.max(0, start - 40), start);
  if (PRODUCT.test(before)) return true;
  const word = SAID.exec(before.toLowerCase())?.[0] ?? "";
  if (word === "") return isSaidBefore(text, start, /\b(?:version|versions|firmware|release)\b[^.]{0,12}$/);
  return /^(?:from|to|app|os|sdk)/.test(word) ? isSaidBefore(text, start, UPGRADES) : true;
}

/** Whether a key says that its value is a version, as `normalKey` writes it. */
export const isVersionKey = (key: string): boolean => key === "v" || KEY.test(key);
