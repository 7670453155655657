// Cloudflare Access in front of the deployment: its signed header says whose browser it is. Used when the team's domain and
// the application's audience are set, and then only beside a session of our own, never instead of a wrong one.
import type { JWTVerifyGetKey } from "jose";
import type { Actor } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import { invitationsFor, takeInvitation } from "../store/invitations.ts";
import { ensurePerson, findPersonByEmail, type PersonActor } from "../store/people.ts";
import { addMember } from "../store/teams.ts";
import type { AppContext } from "./access.ts";

const HEADER = "cf-access-jwt-assertion";

interface Identity {
  email: string;
  name: string;
}

/** The keys of a team's domain; jose fetches them when it meets one it does not know, at most every 30 s. */
const keySets = new Map<string, JWTVerifyGetKey>();

async function keysOf(domain: string): Promise<JWTVerifyGetKey> {
  const held = keySets.get(domain);
  if (held) return held;
  const { createRemoteJWKSet } = await import("jose");
  const keys = createRemoteJWKSet(new URL(`https://${domain}/cdn-cgi/access/certs`));
  keySets.set(domain, keys);
  return keys;
}

/** Of jose's errors those that blame the assertion; keys that cannot be fetched are an outage. */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^ERR_JW[ST]_|^ERR_JOSE_(?:ALG_NOT_ALLOWED|NOT_SUPPORTED)$|^ERR_JWKS_NO_MATCHING_KEY$/.test(code);
}

async function verify(assertion: string, domain: string, audience: string): Promise<Identity> {
  const { jwtVerify } = await import("jose");
  const refused = new AppError("unauthorized", "the assertion of Cloudflare Access is not valid for this deployment");
  const checks = { issuer: `https://${domain}`, audience, algorithms: ["RS256", "ES256"], requiredClaims: ["exp"] };
  const { payload } = await jwtVerify(assertion, await keysOf(domain), checks).catch((error: unknown) => {
    throw isRefusal(error) ? refused : error;
  });
  // A service token has no address: for machines there are keys.
  if (typeof payload.email !== "string" || payload.email === "") throw refused;
  const email = payload.email.toLowerCase();
  return { email, name: typeof payload.name === "string" ? payload.name : email };
}

/** Access has proved the address, so what is open to that address is accepted by coming. */
async function acceptInvitations(c: AppContext, { email, name }: Identity): Promise<PersonActor | null> {
  const now = Date.now();
  const known = await findPersonByEmail(c.env.DB, email);
  const open = await invitationsFor(c.env.DB, email, now);
  if (open.length === 0) return known;
  const personId = known?.person.id ?? (await ensurePerson(c.env.DB, { email, name }, now));
  for (const { id, teamId, role, scopes } of open) {
    if (!(await takeInvitation(c.env.DB, teamId, id))) continue;
    await addMember(c.env.DB, personId, { teamId, role, scopes }, now);
  }
  return findPersonByEmail(c.env.DB, email);
}

/** The person whom Cloudflare Access vouches for; null where it is not set up or has said nothing. */
export async function accessActor(c: AppContext): Promise<Actor | null> {
  const { EDGEWISE_ACCESS_DOMAIN: domain, EDGEWISE_ACCESS_AUDIENCE: audience } = c.env;
  const assertion = c.req.header(HEADER);
  if (!domain || !audience || !assertion) return null;
  const identity = await verify(assertion, domain, audience);
  const actor = await acceptInvitations(c, identity);
  if (actor) return actor;
  throw new AppError("forbidden", `${identity.email} is in no team; ask an admin for an invitation`);
}
