// What devices sign: made and known again without being kept, so that nobody fills the database by asking. Only a challenge
// that was rightly signed leaves a row, by which it is used up.
import { Buffer } from "node:buffer";
import { jwtVerify, SignJWT } from "jose";
import type { Accounts } from "./accounts.ts";

const SECONDS = 300;
const AUDIENCE = "passkey";
/** Whom a challenge is given to when nobody is signed in. */
export const ANYBODY = "anybody";

const keyOf = (secret: string): Uint8Array => new TextEncoder().encode(secret);

/** For five minutes, and that person alone. */
export async function issueChallenge(secret: string, personId: string = ANYBODY): Promise<string> {
  const token = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(AUDIENCE)
    .setSubject(personId)
    .setExpirationTime(`${SECONDS} seconds`)
    .sign(keyOf(secret));
  return Buffer.from(keyOf(token)).toString("base64url");
}

/** The challenge in what a device signed, when it is one of ours for that person and not over. */
export async function challengeFor(secret: string, clientDataJSON: string, personId: string): Promise<string | null> {
  try {
    const { challenge }: { challenge?: unknown } = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString());
    if (typeof challenge !== "string") return null;
    const token = Buffer.from(challenge, "base64url").toString();
    await jwtVerify(token, keyOf(secret), { audience: AUDIENCE, subject: personId, algorithms: ["HS256"] });
    return challenge;
  } catch {
    // Neither JSON nor a token of ours, or one that is over.
    return null;
  }
}

/** False for all but the first. */
export async function useUp(accounts: Accounts, challenge: string): Promise<boolean> {
  const { internalAdapter } = await accounts.$context;
  const expiresAt = new Date(Date.now() + SECONDS * 1000);
  return internalAdapter.reserveVerificationValue({ identifier: `passkey ${challenge}`, value: "used", expiresAt });
}
