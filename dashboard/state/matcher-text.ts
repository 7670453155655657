// The events that a step speaks of, as a short text for addresses: `page:/pricing`, `event:signup`, `goal:Sign-up`. Pure.
import type { Matcher } from "../../workers/domain/question.ts";

const KINDS = ["page", "event", "goal"] as const;
export type MatcherKind = (typeof KINDS)[number];

export interface SimpleMatcher {
  kind: MatcherKind;
  value: string;
}

export const matcherOf = ({ kind, value }: SimpleMatcher): Matcher => ({ [kind]: value });

export const printMatcher = ({ kind, value }: SimpleMatcher): string => `${kind}:${value}`;

export function parseMatcher(text: string): SimpleMatcher | null {
  const at = text.indexOf(":");
  const kind = KINDS.find((one) => one === text.slice(0, at));
  const value = text.slice(at + 1);
  return kind && value !== "" ? { kind, value } : null;
}

const escaped = (text: string): string => text.replaceAll("%", "%25").replaceAll("|", "%7C");
const unescaped = (text: string): string => text.replaceAll("%7C", "|").replaceAll("%25", "%");

export const printMatchers = (matchers: readonly SimpleMatcher[]): string =>
  matchers.map((matcher) => escaped(printMatcher(matcher))).join("|");

export const parseMatchers = (text: string): SimpleMatcher[] =>
  text.split("|").flatMap((part) => parseMatcher(unescaped(part)) ?? []);
