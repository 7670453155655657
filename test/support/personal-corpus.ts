// Events with a known value in a known place, and the sentence that a person or a program would put around it.
import type { PiiPlace } from "../../workers/domain/pii-kind.ts";
import type { Random } from "../../workers/local/simulator/random.ts";
import { oneOf } from "./personal-values.ts";

export interface PlacedValue {
  place: PiiPlace;
  beacon: Record<string, unknown>;
}

const AROUND: readonly (readonly [before: string, after: string])[] = [
  ["", ""],
  ["", ""],
  ["contact ", " about it"],
  ["sent to ", "."],
  ["Profile of ", " | Acme"],
  ["(", ")"],
  ["value=", "&page=2"],
  ['{"v":"', '","n":1}'],
  ["see ", ", thanks"],
];

const said = (random: Random, value: string): string => {
  const [before, after] = oneOf(random, AROUND);
  return `${before}${value}${after}`;
};

const page = (rest: string) => `https://shop.example.com${rest}`;

type Put = (value: string, random: Random) => PlacedValue;

const PUTS: readonly Put[] = [
  (value) => ({ place: "url", beacon: { url: page(`/account/${encodeURIComponent(value)}/edit`) } }),
  (value) => ({ place: "url", beacon: { url: page(`/?utm_campaign=${encodeURIComponent(value)}`) } }),
  (value) => ({ place: "referrer", beacon: { referrer: `https://other.example.net/u/${encodeURIComponent(value)}` } }),
  (value, random) => ({ place: "title", beacon: { title: said(random, value).slice(0, 500) } }),
  (value, random) => ({ place: "property_value", beacon: { props: { note: said(random, value) } } }),
  (value, random) => ({
    place: "property_value",
    beacon: { props: { form: { fields: [{ text: said(random, value) }] } } },
  }),
  (value) => ({
    place: "property_value",
    beacon: { props: { link: `https://app.example.com/x?q=${encodeURIComponent(value)}&page=1` } },
  }),
  (value) => ({ place: "property_name", beacon: { props: { [value.slice(0, 120)]: 1 } } }),
];

/** The value somewhere in an event. */
export function placed(value: string, random: Random): PlacedValue {
  // Neither a name of 120 characters nor a title has room for all of a key.
  const fits = value.length <= 100 ? PUTS : PUTS.filter((_, i) => i === 4 || i === 5 || i === 6);
  return oneOf(random, fits)(value, random);
}
