// Passkeys, between the browser's device and the API.
import { type Failure, type Reply, request } from "./api.ts";
import { loadSession } from "./session.ts";

export interface Passkey {
  id: string;
  label: string;
  createdAt: number;
  lastUsedAt: number | null;
}

interface Challenge {
  challenge: string;
  host: string;
}

interface NewChallenge extends Challenge {
  user: { id: string; name: string; displayName: string };
  known: string[];
}

const OWN = "/api/v1/me/passkeys";
const ENTRY = "/api/v1/session/passkey";
/** EdDSA, ES256, RS256; those that the server takes. */
const ALGORITHMS = [-8, -7, -257];

/** Devices make them for hosts with a name, over TLS or on the machine itself. */
export const canUsePasskeys = (): boolean =>
  isSecureContext && typeof PublicKeyCredential !== "undefined" && !/^[\d.]+$|:/.test(location.hostname);

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const NOTHING_MADE: Failure = {
  status: 0,
  title: "No passkey",
  detail: "The device gave no passkey: it was dismissed, or is known here already.",
  errors: [],
};

async function ofDevice(asked: Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  const credential = await asked.catch(() => null);
  return credential instanceof PublicKeyCredential ? credential : null;
}

export const loadPasskeys = (): Promise<Reply<{ passkeys: Passkey[] }>> => request(OWN);

export const removePasskey = (id: string): Promise<Reply<null>> =>
  request(`${OWN}/${encodeURIComponent(id)}`, { method: "DELETE" });

export async function makePasskey(label: string): Promise<Reply<null>> {
  const asked = await request<NewChallenge>(`${OWN}/challenge`, { method: "POST" });
  if (!asked.ok) return asked;
  const { challenge, host, user, known } = asked.value;
  const made = await ofDevice(
    navigator.credentials.create({
      publicKey: {
        challenge: bytesOf(challenge),
        rp: { id: host, name: "Edgewise" },
        user: { ...user, id: new TextEncoder().encode(user.id) },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: known.map((id) => ({ type: "public-key", id: bytesOf(id) })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      },
    }),
  );
  if (!(made?.response instanceof AuthenticatorAttestationResponse)) return { ok: false, failure: NOTHING_MADE };
  const { clientDataJSON, attestationObject } = made.response;
  const send = {
    label,
    id: made.id,
    clientDataJSON: base64url(clientDataJSON),
    attestationObject: base64url(attestationObject),
    transports: made.response.getTransports(),
  };
  return request(OWN, { method: "POST", send });
}

export async function signInByPasskey(): Promise<Reply<null>> {
  const asked = await request<Challenge>(`${ENTRY}/challenge`, { method: "POST", quiet: true });
  if (!asked.ok) return asked;
  const { challenge, host } = asked.value;
  const signed = await ofDevice(
    navigator.credentials.get({
      publicKey: { challenge: bytesOf(challenge), rpId: host, userVerification: "required" },
    }),
  );
  if (!(signed?.response instanceof AuthenticatorAssertionResponse)) return { ok: false, failure: NOTHING_MADE };
  const { clientDataJSON, authenticatorData, signature } = signed.response;
  const send = {
    id: signed.id,
    clientDataJSON: base64url(clientDataJSON),
    authenticatorData: base64url(authenticatorData),
    signature: base64url(signature),
  };
  const reply = await request<null>(ENTRY, { method: "POST", send, quiet: true });
  if (reply.ok) await loadSession();
  return reply;
}
