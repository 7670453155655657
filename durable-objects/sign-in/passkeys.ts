// Passkeys: a challenge is signed once by a device, and the public key it left here says whose it is.
import { Buffer } from "node:buffer";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { addPasskey, findPasskey, notePasskeyUse } from "../../workers/store/passkeys.ts";
import type { Accounts } from "./accounts.ts";
import { ANYBODY, challengeFor, useUp } from "./challenges.ts";
import type { NewPasskey, PasskeyProof, RelyingParty } from "./protocol.ts";

/** EdDSA, ES256, RS256: what all devices have one of. */
const ALGORITHMS = [-8, -7, -257];

interface Ports {
  db: D1Database;
  accounts: Accounts;
  /** By which challenges are known again. */
  secret: string;
}

/** The library throws for whatever is not as it must be. */
const orNull = <Value>(verified: Promise<Value>): Promise<Value | null> => verified.catch(() => null);

/** Keeps the key of a device that signed the person's challenge; false when it did not, or is known already. */
export async function keepPasskey(
  ports: Ports,
  { id, clientDataJSON, attestationObject, transports, label, personId }: NewPasskey & { personId: string },
  { origin, host }: RelyingParty,
): Promise<boolean> {
  const expectedChallenge = await challengeFor(ports.secret, clientDataJSON, personId);
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
  if (!made?.verified || !(await useUp(ports.accounts, expectedChallenge))) return false;
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
  const expectedChallenge = await challengeFor(ports.secret, response.clientDataJSON, ANYBODY);
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
  if (!signed?.verified || !(await useUp(ports.accounts, expectedChallenge))) return null;
  await notePasskeyUse(ports.db, id, { counter: signed.authenticationInfo.newCounter, at: Date.now() });
  return passkey.personId;
}
