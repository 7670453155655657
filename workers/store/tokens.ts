// Tokens that are given away and kept as hashes. They are long and random, so a fast hash is enough.
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export async function hashToken(token: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token))));
}

/** 192 random bits, as hex after the prefix. */
export function newToken(prefix: string): string {
  return prefix + toHex(crypto.getRandomValues(new Uint8Array(24)));
}
