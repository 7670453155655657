import { createHash } from "node:crypto";
import type { Detector, Span } from "../detector.ts";
import { HAS } from "../survey.ts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CANDIDATE =
  /(?<![A-Za-z0-9])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|(?:bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})|0x[0-9a-fA-F]{40})(?![A-Za-z0-9])/g;

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/** Bitcoin's base58check: 25 bytes, the last four of which begin the double SHA-256 of the others. */
function passesBase58(text: string): boolean {
  let number = 0n;
  for (const sign of text) number = number * 58n + BigInt(BASE58.indexOf(sign));
  const hex = number.toString(16).padStart(50, "0");
  if (hex.length !== 50) return false;
  const bytes = Uint8Array.from({ length: 25 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  const sum = sha256(sha256(bytes.subarray(0, 21)));
  return bytes.subarray(21).every((byte, i) => byte === sum[i]);
}

const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32_SUM = 1;
const BECH32M_SUM = 0x2bc830a3;

/** BIP 173 and BIP 350. */
function passesBech32(text: string): boolean {
  const lower = text.toLowerCase();
  const values = [3, 3, 0, 2, 3, ...Array.from(lower.slice(3), (sign) => BECH32.indexOf(sign))];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [i, part] of GENERATOR.entries()) if ((top >>> i) & 1) sum ^= part;
  }
  return sum === BECH32_SUM || sum === BECH32M_SUM;
}

function isAddress(text: string): boolean {
  if (text.startsWith("0x")) return true;
  return /^bc1/i.test(text) ? passesBech32(text) : passesBase58(text);
}

export const crypto: Detector = {
  kind: "crypto",
  about: "the address of a Bitcoin wallet by its checksum, or of an Ethereum account by its form",
  needs: HAS.token,
  find({ text }) {
    const found = Array.from(text.matchAll(CANDIDATE)).filter(([address]) => isAddress(address));
    return found.map(({ 0: address, index }): Span => ({ start: index, end: index + address.length }));
  },
  examples: [
    "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ",
    "to 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy today",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    "0x52908400098527886E0F7030069857D2E4169EE7",
  ],
  nonExamples: [
    "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ2",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx",
    "0x1f4",
  ],
};
