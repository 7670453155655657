// What looks like a personal value and is none: the numbers, ids and names that events are full of.
import { createHash } from "node:crypto";
import type { Random } from "../../workers/local/simulator/random.ts";
import { BASE62, digits, HEX, LETTERS, type Maker, oneOf, signs } from "./personal-values.ts";

const time = (random: Random) => 1_600_000_000_000 + random.below(200_000_000) * 1000 + random.below(1000);
const hash = (random: Random, algorithm: string, form: "hex" | "base64" = "hex") =>
  createHash(algorithm).update(String(random.next())).digest(form);
const uuid: Maker = (random) => [8, 4, 4, 4, 12].map((size) => signs(random, HEX, size)).join("-");

function ean13(random: Random): string {
  const body = oneOf(random, ["40", "50", "76", "00", "93", "97"]) + digits(random, 10);
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function isbn13(random: Random): string {
  const digitsOf = ean13(random).replace(/^../, "97");
  return `978-${digitsOf[3]}-${digitsOf.slice(4, 7)}-${digitsOf.slice(7, 12)}-${digitsOf[12]}`;
}

/** By what they are. */
export const IMPERSONAL_VALUES: Readonly<Record<string, readonly Maker[]>> = {
  "order numbers": [
    (random) => `ORD-${digits(random, 8)}`,
    (random) => `#${digits(random, 6)}`,
    (random) => `${digits(random, 3)}-${digits(random, 7)}-${digits(random, 7)}`,
    (random) => `order ${digits(random, 10)}`,
    (random) => `INV-2026-${digits(random, 5)}`,
    (random) => `order_${signs(random, BASE62, 14)}`,
    (random) => `/orders/${digits(random, 4)}-${digits(random, 4)}-${digits(random, 4)}`,
    (random) => `SKU ${digits(random, 3)}-${digits(random, 3)}-${digits(random, 4)}`,
    (random) => `part ${digits(random, 3)}-${digits(random, 2)}-${digits(random, 4)}`,
    (random) => `item no. ${digits(random, 3)} ${digits(random, 3)} ${digits(random, 3)}`,
  ],
  uuids: [uuid, (random) => uuid(random).toUpperCase(), (random) => `urn:uuid:${uuid(random)}`],
  versions: [
    (random) => `v${random.below(20)}.${random.below(20)}.${random.below(100)}`,
    (random) => `version ${random.below(20)}.${random.below(20)}.${random.below(100)}.${random.below(250)}`,
    (random) => `Chrome/${100 + random.below(50)}.0.${random.below(250)}.${random.below(250)}`,
    (random) => `v${random.below(20)}.${random.below(20)}.${random.below(100)}.${random.below(250)}`,
    (random) => `react@${random.below(20)}.${random.below(20)}.1-rc.${random.below(9)}`,
  ],
  times: [
    (random) => String(time(random)),
    (random) => String(Math.floor(time(random) / 1000)),
    (random) => String(time(random) * 1000),
    (random) => new Date(time(random)).toISOString(),
    (random) => new Date(time(random)).toISOString().slice(0, 10),
    (random) => new Date(time(random)).toISOString().replace(/\D/g, "").slice(0, 14),
    (random) => new Date(time(random)).toUTCString(),
    (random) => `${10 + random.below(14)}:${10 + random.below(49)}:${10 + random.below(49)}`,
  ],
  hashes: [
    (random) => hash(random, "md5"),
    (random) => hash(random, "sha1"),
    (random) => hash(random, "sha256"),
    (random) => hash(random, "sha256", "base64"),
    (random) => hash(random, "sha1").slice(0, 7),
    (random) => `"${hash(random, "md5")}"`,
  ],
  prices: [
    (random) => `$${random.below(2000)}.${digits(random, 2)}`,
    (random) => `${random.below(999)}.${digits(random, 3)},${digits(random, 2)} €`,
    (random) => `USD ${random.below(999)},${digits(random, 3)},${digits(random, 3)}`,
    (random) => `${100 + random.below(900)} ${digits(random, 3)} kr`,
    (random) => `${100 + random.below(900)} ${digits(random, 3)} ${digits(random, 3)} €`,
  ],
  "article numbers": [
    (random) => `SKU-${signs(random, LETTERS, 3)}-${digits(random, 5)}`,
    (random) => `${signs(random, LETTERS, 2)}${digits(random, 4)}-${digits(random, 3)}`,
    (random) => `${digits(random, 4)}-${signs(random, LETTERS, 2)}-${oneOf(random, ["S", "M", "L", "XL"])}`,
    ean13,
    isbn13,
    (random) => `B0${signs(random, `0123456789${LETTERS}`, 8)}`,
  ],
  coordinates: [
    (random) => `${random.below(90)}.${digits(random, 6)}, ${random.below(180)}.${digits(random, 6)}`,
    (random) => `-${random.below(90)}.${digits(random, 4)},${random.below(180)}.${digits(random, 4)}`,
    (random) => `@${random.below(90)}.${digits(random, 7)},${random.below(180)}.${digits(random, 7)},15z`,
  ],
  "long ids": [
    (random) => `1${digits(random, 17)}`,
    (random) => `10${digits(random, 13)}`,
    (random) => signs(random, BASE62, 21),
    (random) => `cus_${signs(random, BASE62, 14)}`,
    (random) => signs(random, HEX, 24),
    (random) => `01${signs(random, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 24)}`,
    (random) => `usr_${digits(random, 9)}`,
    (random) => `${1 + random.below(9)}${digits(random, 7 + random.below(12))}`,
    (random) => `${1 + random.below(9)}${digits(random, 7)}-${digits(random, 5)}`,
    (random) => `GA1.2.${digits(random, 9)}.${digits(random, 10)}`,
  ],
  "tracking numbers": [
    (random) => `1Z${signs(random, `0123456789${LETTERS}`, 6)}${digits(random, 10)}`,
    (random) =>
      `94${digits(random, 2)} ${digits(random, 4)} ${digits(random, 4)} ${digits(random, 4)} ${digits(random, 4)} ${digits(random, 2)}`,
    (random) => `JD${digits(random, 18)}`,
    (random) => `RR${digits(random, 9)}CN`,
  ],
  words: [
    (random) =>
      oneOf(random, ["Home :: Shop", "C++ std::vector", "@handle on X", "npm install @scope/pkg@1.2.3", "a:hover"]),
    (random) =>
      oneOf(random, ["/blog/2026/11/how-to-mask-e-mail-addresses", "/en-us/pricing?plan=team", "q=shoes&page=2"]),
    (random) =>
      oneOf(random, [
        "Monopoly: 3rd Edition",
        "10-best-ways-to-learn-typescript-in-2026",
        "password reset",
        "auth: google",
      ]),
    (random) =>
      oneOf(random, ["4k video 3840x2160", "16:9", "#ff00aa", "rgba(0, 0, 0, 0.5)", "ratio 1:2:3:4", "C-3PO & R2-D2"]),
    (random) => `${random.below(100)}% of ${digits(random, 4)} users in ${random.below(60)} min`,
  ],
};
