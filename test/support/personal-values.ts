// Personal values as people and systems write them, made by rules of their own: nothing here comes from the detectors.
import type { PiiKind } from "../../workers/domain/pii-kind.ts";
import type { Random } from "../../workers/local/simulator/random.ts";

export type Maker = (random: Random) => string;

export const oneOf = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)]!;
export const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.below(10)).join("");
export const signs = (random: Random, alphabet: string, count: number): string =>
  Array.from({ length: count }, () => alphabet[random.below(alphabet.length)]).join("");
export const HEX = "0123456789abcdef";
export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const BASE62 = `0123456789${LETTERS}${LETTERS.toLowerCase()}`;

const FIRST = ["jane", "max", "olga", "li", "ahmed", "søren", "maria-jose", "j", "o.connor", "wei_chen"];
const LAST = ["roe", "muster", "petrova", "na", "khan", "kierkegaard", "garcia", "smith2", "brien", "99"];
const HOSTS = ["example.com", "mail.example.org", "uni-muenchen.example.de", "corp.example.co.uk", "müller.example"];

/** Random, but with at least one digit, as almost every key has. */
const keyOf = (random: Random, count: number, alphabet = BASE62): string =>
  `${signs(random, alphabet, count - 1)}${random.below(10)}`;

const inGroups = (text: string, sizes: readonly number[], separator: string): string => {
  let rest = text;
  const groups = sizes.map((size) => {
    const group = rest.slice(0, size);
    rest = rest.slice(size);
    return group;
  });
  return groups.join(separator);
};

function luhn(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return body + ((10 - (sum % 10)) % 10);
}

const email: Maker = (random) => {
  const local = `${oneOf(random, FIRST)}${oneOf(random, [".", "_", "+", "-", ""])}${oneOf(random, LAST)}`;
  return `${random.chance(0.1) ? local.toUpperCase() : local}@${oneOf(random, HOSTS)}`;
};

const PHONES: readonly Maker[] = [
  (random) => `+1${2 + random.below(8)}${digits(random, 2)}${2 + random.below(8)}${digits(random, 6)}`,
  (random) =>
    `+1 (${2 + random.below(8)}${digits(random, 2)}) ${2 + random.below(8)}${digits(random, 2)}-${digits(random, 4)}`,
  (random) =>
    `(${2 + random.below(8)}${digits(random, 2)}) ${2 + random.below(8)}${digits(random, 2)}-${digits(random, 4)}`,
  (random) =>
    `${2 + random.below(8)}${digits(random, 2)}-${2 + random.below(8)}${digits(random, 2)}-${digits(random, 4)}`,
  (random) => `+49 ${oneOf(random, ["30", "89", "171", "151"])} ${1 + random.below(9)}${digits(random, 6)}`,
  (random) => `+44 20 ${oneOf(random, ["7", "8"])}${digits(random, 3)} ${digits(random, 4)}`,
  (random) => `+33 ${1 + random.below(9)} ${inGroups(digits(random, 8), [2, 2, 2, 2], " ")}`,
  (random) => `+91${6 + random.below(4)}${digits(random, 9)}`,
  (random) => `+55 11 9${digits(random, 4)}-${digits(random, 4)}`,
  (random) => `+86 13${digits(random, 1)} ${digits(random, 4)} ${digits(random, 4)}`,
  (random) => `0${1 + random.below(7)} ${inGroups(digits(random, 8), [2, 2, 2, 2], " ")}`,
];

const CARDS: readonly (readonly [prefix: string, length: number, groups: readonly number[]])[] = [
  ["4", 16, [4, 4, 4, 4]],
  ["51", 16, [4, 4, 4, 4]],
  ["2221", 16, [4, 4, 4, 4]],
  ["34", 15, [4, 6, 5]],
  ["37", 15, [4, 6, 5]],
  ["6011", 16, [4, 4, 4, 4]],
  ["3528", 16, [4, 4, 4, 4]],
  ["36", 14, [4, 6, 4]],
];

const card: Maker = (random) => {
  const [prefix, length, groups] = oneOf(random, CARDS);
  const number = luhn(prefix + digits(random, length - prefix.length - 1));
  const separator = oneOf(random, ["", "", " ", "-"]);
  return separator === "" ? number : inGroups(number, groups, separator);
};

/** Country and the form of what follows its check digits: n digits, a letters, c either. */
const IBANS: readonly (readonly [country: string, form: string])[] = [
  ["DE", "nnnnnnnnnnnnnnnnnn"],
  ["GB", "aaaannnnnnnnnnnnnn"],
  ["FR", "nnnnnnnnnncccccccccccnn"],
  ["NL", "aaaannnnnnnnnn"],
  ["ES", "nnnnnnnnnnnnnnnnnnnn"],
  ["PL", "nnnnnnnnnnnnnnnnnnnnnnnn"],
  ["CH", "nnnnncccccccccccc"],
  ["IE", "aaaannnnnnnnnnnnnn"],
];

const iban: Maker = (random) => {
  const [country, form] = oneOf(random, IBANS);
  const alphabets: Record<string, string> = { n: "0123456789", a: LETTERS, c: `0123456789${LETTERS}` };
  const body = [...form].map((sign) => signs(random, alphabets[sign]!, 1)).join("");
  const asNumber = [...`${body}${country}00`].map((sign) => Number.parseInt(sign, 36)).join("");
  const whole = `${country}${String(98n - (BigInt(asNumber) % 97n)).padStart(2, "0")}${body}`;
  return random.chance(0.5) ? whole : whole.replace(/(.{4})(?=.)/g, "$1 ");
};

const mod11 = (body: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * Number(body[i]), 0) % 11;

const IDS: readonly Maker[] = [
  (random) => `${100 + random.below(500)}-${10 + random.below(89)}-${1000 + random.below(8999)}`,
  (random) => {
    const number = luhn(`${1 + random.below(7)}${digits(random, 6)}${1 + random.below(9)}`);
    return inGroups(number, [3, 3, 3], "-");
  },
  (random) => {
    const number = 10_000_000 + random.below(80_000_000);
    return `${number}${"TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]}`;
  },
  (random) =>
    `${oneOf(random, ["AA", "CE", "HB", "PR", "TW", "YZ"])}${digits(random, 6)}${oneOf(random, ["A", "B", "C", "D"])}`,
  (random) =>
    `RSSMRA${digits(random, 2)}${oneOf(random, ["A", "H", "T"])}${10 + random.below(20)}A${digits(random, 3)}S`,
  (random) =>
    `${signs(random, LETTERS, 3)}P${signs(random, LETTERS, 1)}${digits(random, 4)}${signs(random, LETTERS, 1)}`,
  (random) => {
    for (;;) {
      const body = digits(random, 9);
      const check = (11 - mod11(body, [10, 9, 8, 7, 6, 5, 4, 3, 2])) % 11;
      if (check < 10) return inGroups(`${body}${check}`, [3, 3, 4], " ");
    }
  },
  (random) => {
    const body = `${50 + random.below(49)}${oneOf(random, ["01", "05", "11"])}${10 + random.below(18)}${digits(random, 4)}`;
    const sum = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3].reduce((total, weight, i) => total + weight * Number(body[i]), 0);
    return `${body}${(10 - (sum % 10)) % 10}`;
  },
];

const octet = (random: Random) => 1 + random.below(254);
const ipV4: Maker = (random) => [octet(random), random.below(256), random.below(256), octet(random)].join(".");
const part = (random: Random) => (1 + random.below(65_535)).toString(16);
const IPS: readonly Maker[] = [
  ipV4,
  ipV4,
  (random) => `2001:db8:${part(random)}:${part(random)}::${part(random)}`,
  (random) => Array.from({ length: 8 }, () => part(random)).join(":"),
  (random) => `::ffff:${ipV4(random)}`,
];

const mac: Maker = (random) => {
  const pairs = Array.from({ length: 6 }, () => signs(random, HEX, 2)).join(oneOf(random, [":", "-"]));
  return random.chance(0.5) ? pairs.toUpperCase() : pairs;
};

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt: Maker = (random) => {
  const header = base64url({ alg: oneOf(random, ["HS256", "RS256", "ES256"]), typ: "JWT" });
  return `${header}.${base64url({ sub: digits(random, 8), iat: random.below(2e9) })}.${signs(random, `${BASE62}-_`, 43)}`;
};

const SECRETS: readonly Maker[] = [
  (random) => `sk_live_${keyOf(random, 24)}`,
  (random) => `rk_test_${keyOf(random, 24)}`,
  (random) => `ghp_${keyOf(random, 36)}`,
  (random) => `github_pat_${keyOf(random, 22)}_${keyOf(random, 59)}`,
  (random) => `AKIA${keyOf(random, 16, `${LETTERS}234567`)}`,
  (random) => `xoxb-${digits(random, 12)}-${keyOf(random, 24)}`,
  (random) => `AIza${keyOf(random, 35)}`,
  (random) => `sk-${keyOf(random, 48)}`,
  (random) => `sk-ant-api03-${keyOf(random, 90)}`,
  (random) => `glpat-${keyOf(random, 20)}`,
  (random) => `npm_${keyOf(random, 36)}`,
  (random) => `SG.${keyOf(random, 22)}.${keyOf(random, 43)}`,
  (random) => `-----BEGIN PRIVATE KEY-----\nMIIE${keyOf(random, 200)}\n-----END PRIVATE KEY-----`,
];

const crypto: Maker = (random) => `0x${signs(random, HEX, 40)}`;

const any =
  (makers: readonly Maker[]): Maker =>
  (random) =>
    oneOf(random, makers)(random);

/** Kinds that have a form of their own; names go by their key. */
export const PERSONAL_VALUES: Readonly<Record<Exclude<PiiKind, "person">, Maker>> = {
  email,
  phone: any(PHONES),
  card,
  iban,
  national_id: any(IDS),
  ip: any(IPS),
  mac,
  crypto,
  jwt,
  secret: any(SECRETS),
};
