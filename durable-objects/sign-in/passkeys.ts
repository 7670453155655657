// Passkeys: a challenge is signed once by a device, and the public key it left here says whose it is.
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { addPasskey, findPasskey, notePasskeyUse } from "../../workers/store/passkeys.ts";
import type { Accounts } from "./accounts.ts";
import { keepOnce, takeOnce } from "./one-time.ts";
import type { NewPasskey, PasskeyProof, RelyingParty } from "./protocol.ts";

const CHALLENGE_SECONDS = 300;
const CHALLENGE_BYTES = 32;
/** Whom a challenge was given to when nobody is signed in. */
const ANYBODY = "anybody";
/** EdDSA, ES256, RS256: what all devices have one of. */
export const ALGORITHMS = [-8, -7, -257];

interface Ports {
  db: D1Database;
  accounts: Accounts;
}

/** To be signed within five minutes, by a new device of that person or, without one, by a device of anybody. */
export async function issueChallenge({ accounts }: Ports, personId: string = ANYBODY): Promise<string> {
  const challenge = randomBytes(CHALLENGE_BYTES).toString("base64url");
  await keepOnce(accounts, { name: `passkey ${challenge}`, value: personId, seconds: CHALLENGE_SECONDS });
  return challenge;
}

function challengeIn(clientDataJSON: string): string | null {
  try {
    const { challenge }: { challenge?: unknown } = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString());
    return typeof challenge === "string" ? challenge : null;
  } catch {
    return null;
  }
}

/** The challenge that was signed, when it is one of ours for that person. Signed or not, it is used up. */
async function takeChallenge({ accounts }: Ports, clientDataJSON: string, personId: string): Promise<string | null> {
  const challenge = challengeIn(clientDataJSON);
  if (challenge === null) return null;
  return (await takeOnce(accounts, `passkey ${challenge}`)) === personId ? challenge : null;
}

/** The library throws for whatever is not as it must be. */
const orNull = <Value>(verified: Promise<Value>): Promise<Value | null> => verified.catch(() => null);

/** Keeps the key of a device that signed the person's challenge; false when it did not, or is known already. */
export async function keepPasskey(
  ports: Ports,
  { id, clientDataJSON, attestationObject, transports, label, personId }: NewPasskey & { personId: string },
  { origin, host }: RelyingParty,
): Promise<boolean> {
  const expectedChallenge = await takeChallenge(ports, clientDataJSON, personId);
  if (expectedChallenge === null) return false;
  const made = await orNull(
    verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        clientExtensionResults: {},
        response: { clientDataJSON, attestationObject },
      },
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: host,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  if (!made?.verified) return false;
  const { credential } = made.registrationInfo;
  return addPasskey(ports.db, {
    id: credential.id,
    personId,
    label,
    publicKey: Buffer.from(credential.publicKey).toString("base64url"),
    counter: credential.counter,
    transports,
    createdAt: Date.now(),
    lastUsedAt: null,
  });
}

/** Whose device signed; null when the signature, the challenge or the device is not right. */
export async function personOfPasskey(
  ports: Ports,
  { id, ...response }: PasskeyProof,
  { origin, host }: RelyingParty,
): Promise<string | null> {
  const expectedChallenge = await takeChallenge(ports, response.clientDataJSON, ANYBODY);
  const passkey = expectedChallenge === null ? null : await findPasskey(ports.db, id);
  if (expectedChallenge === null || !passkey) return null;
  const signed = await orNull(
    verifyAuthenticationResponse({
      response: { id, rawId: id, type: "public-key", clientExtensionResults: {}, response },
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: host,
      credential: { id, publicKey: Buffer.from(passkey.publicKey, "base64url"), counter: passkey.counter },
    }),
  );
  if (!signed?.verified) return null;
  await notePasskeyUse(ports.db, id, { counter: signed.authenticationInfo.newCounter, at: Date.now() });
  return passkey.personId;
}
