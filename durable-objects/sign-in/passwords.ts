// Passwords as scrypt hashes, by the runtime's own implementation. `scrypt$N$r$p$salt$key`, base64.
import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** OWASP's figures for 16 MB: an isolate has 128 MB, and several objects may share one. */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** What scrypt needs is 128·N·r bytes; the rest is for its own tables. */
const MAX_BYTES = 32 * 1024 * 1024;

interface Cost {
  N: number;
  r: number;
  p: number;
}

function derive(password: string, salt: Uint8Array, cost: Cost): Promise<Uint8Array> {
  return new Promise((done, fail) => {
    // NFKC: the same letters typed on another keyboard are the same password.
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { ...cost, maxmem: MAX_BYTES }, (error, key) =>
      error ? fail(error) : done(key),
    );
  });
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, base64(salt), base64(key)].join("$");
}

/** False for a wrong password and for a hash that is not one of ours. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  const [kind, N, r, p, salt, key] = hash.split("$");
  if (kind !== "scrypt" || salt === undefined || key === undefined) return false;
  const wanted = Buffer.from(key, "base64");
  const given = await derive(password, Buffer.from(salt, "base64"), { N: Number(N), r: Number(r), p: Number(p) });
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
