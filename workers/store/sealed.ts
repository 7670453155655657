// Values that must be readable again and yet not lie in the clear: AES-GCM under a secret that is not where they are kept.
import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";

const IV_BYTES = 12;
const encoder = new TextEncoder();

async function cipherKey(secret: string): Promise<CryptoKey> {
  const bits = await crypto.subtle.digest("SHA-256", encoder.encode(secret));
  return crypto.subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** `secret`: long and random, since it is hashed but once. */
export async function seal(text: string, secret: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await cipherKey(secret), encoder.encode(text));
  const whole = new Uint8Array(IV_BYTES + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), IV_BYTES);
  return encodeBase64Url(whole.buffer);
}

/** Throws where it was sealed under another secret, or changed. */
export async function unseal(sealed: string, secret: string): Promise<string> {
  const whole = decodeBase64Url(sealed);
  const iv = whole.slice(0, IV_BYTES);
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await cipherKey(secret), whole.slice(IV_BYTES));
  return new TextDecoder().decode(text);
}
