// A device that makes passkeys and signs with them, in software: ES256, without attestation, and without a count of uses.

const PRESENT = 0x01;
const VERIFIED = 0x04;
const WITH_KEY = 0x40;

type Bytes = Uint8Array<ArrayBuffer>;

const encoded = (text: string): Bytes => Uint8Array.from(new TextEncoder().encode(text));

const joined = (...parts: (ArrayLike<number> | ArrayBuffer)[]): Bytes =>
  Uint8Array.from(
    parts.flatMap((part) => [...(part instanceof ArrayBuffer ? new Uint8Array(part) : Array.from(part))]),
  );
const sha256 = (bytes: Bytes) => crypto.subtle.digest("SHA-256", bytes);

function base64url(bytes: Bytes): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const bytesOf = (text = ""): Bytes =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

/** A signature's two numbers as DER has them: without leading zeros, and never negative. */
function derOf(signature: Bytes): Bytes {
  const numbers = [signature.slice(0, 32), signature.slice(32)].map((number) => {
    const first = number.findIndex((byte) => byte !== 0);
    const short = number.slice(first);
    const own = short[0]! >= 0x80 ? joined([0], short) : short;
    return joined([0x02, own.length], own);
  });
  const body = joined(...numbers);
  return joined([0x30, body.length], body);
}

interface Asked {
  challenge: string;
  origin: string;
  /** Whether its owner opened the lock. */
  verified?: boolean;
}

const clientOf = (type: string, { challenge, origin }: Asked): Bytes =>
  encoded(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

async function authenticatorOf({ origin, verified = true }: Asked, flags: number, more: ArrayLike<number> = []) {
  const host = await sha256(encoded(new URL(origin).hostname));
  return joined(host, [PRESENT | (verified ? VERIFIED : 0) | flags], [0, 0, 0, 0], more);
}

export async function createDevice() {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  if (!("privateKey" in keys)) throw new Error("a pair of keys was asked for");
  const id = crypto.getRandomValues(new Uint8Array(16));
  return {
    /** What is sent to make a passkey of it. */
    async made(asked: Asked, label = "A device") {
      const jwk = await crypto.subtle.exportKey("jwk", keys.publicKey);
      if (jwk instanceof ArrayBuffer) throw new Error("a JWK was asked for");
      const [x, y] = [bytesOf(jwk.x), bytesOf(jwk.y)];
      const cose = joined([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, [0x22, 0x58, 32], y);
      const data = await authenticatorOf(asked, WITH_KEY, joined(new Uint8Array(16), [0, id.length], id, cose));
      const text = (word: string) => joined([0x60 | word.length], encoded(word));
      const statement = joined([0xa3], text("fmt"), text("none"), text("attStmt"), [0xa0], text("authData"));
      return {
        label,
        id: base64url(id),
        clientDataJSON: base64url(clientOf("webauthn.create", asked)),
        attestationObject: base64url(joined(statement, [0x58, data.length], data)),
      };
    },
    /** What is sent to sign in. */
    async signed(asked: Asked) {
      const client = clientOf("webauthn.get", asked);
      const data = await authenticatorOf(asked, 0);
      const message = joined(data, await sha256(client));
      const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, message);
      return {
        id: base64url(id),
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(derOf(new Uint8Array(raw))),
      };
    },
  };
}
