// Passkeys: those of who is signed in, and signing in by one. Challenges and proofs are those of WebAuthn, base64url.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { signInFor } from "../store/objects.ts";
import { listPasskeys, type Passkey, removePasskey } from "../store/passkeys.ts";
import { givePersonSession, personOf, refuseForeignOrigin } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { nameSchema, originOf, refusalError, relyingParty } from "./credentials.ts";
import { operation } from "./operation.ts";
import { invalidField } from "./problem.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";

const base64url = z.string().regex(/^[\w-]+$/, "use base64url");
const idSchema = base64url.max(1400);

const newPasskeySchema = z.strictObject({
  label: nameSchema,
  id: idSchema,
  clientDataJSON: base64url.max(4000),
  attestationObject: base64url.max(20_000),
  transports: z.array(z.string().max(40)).max(10).default([]),
});

const proofSchema = z.strictObject({
  id: idSchema,
  clientDataJSON: base64url.max(4000),
  authenticatorData: base64url.max(4000),
  signature: base64url.max(4000),
});

const passkeyReply = z
  .strictObject({ id: z.string(), label: z.string(), createdAt: z.int(), lastUsedAt: z.int().nullable() })
  .meta({ id: "Passkey" });

const challengeReply = z.strictObject({
  challenge: z.string(),
  /** The relying party's id. */
  host: z.string(),
});

const newChallengeReply = challengeReply.extend({
  user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
  /** Of passkeys that are known already. */
  known: z.array(z.string()),
});

const shown = ({ id, label, createdAt, lastUsedAt }: Passkey) => ({ id, label, createdAt, lastUsedAt });

export const ownPasskeys = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "List your passkeys",
      needs: "self",
      replies: { 200: z.strictObject({ passkeys: z.array(passkeyReply) }) },
    }),
    async (c) => {
      const { id } = await personOf(c);
      return c.json({ passkeys: (await listPasskeys(c.env.DB, id)).map(shown) });
    },
  )
  .post(
    "/challenge",
    operation({
      summary: "Get what a new passkey must sign, within five minutes",
      needs: "self",
      replies: { 200: newChallengeReply },
      audit: { why: "asks for what is to be signed; the passkey that comes of it is told" },
    }),
    async (c) => {
      const { id, name, email } = await personOf(c);
      const challenge = await signInFor(c.env, email).passkeyChallenge(id);
      const known = (await listPasskeys(c.env.DB, id)).map((passkey) => passkey.id);
      const user = { id, name: email, displayName: name };
      return c.json({ challenge, host: relyingParty(c).host, user, known });
    },
  )
  .post(
    "/",
    operation({
      summary: "Add a passkey",
      needs: "self",
      body: newPasskeySchema,
      replies: { 204: null },
    }),
    async (c) => {
      const { id, email } = await personOf(c);
      const passkey = await readValid(c.req.raw, newPasskeySchema);
      const { host, origin } = relyingParty(c);
      const reply = await signInFor(c.env, email).addPasskey({ ...passkey, personId: id }, { host, origin });
      if (reply.ok) {
        recordChange(c, { made: passkey.id });
        return c.body(null, 204);
      }
      throw invalidField(
        "id",
        "the passkey was not taken: it is known already, took over five minutes, or you have 20",
      );
    },
  )
  .delete("/:passkey", operation({ summary: "Remove a passkey", needs: "self", replies: { 204: null } }), async (c) => {
    const { id } = await personOf(c);
    if (!(await removePasskey(c.env.DB, id, c.req.param("passkey")))) {
      throw new AppError("not_found", "you have no such passkey");
    }
    return c.body(null, 204);
  });

export const passkeySession = new Hono<{ Bindings: Env }>()
  .post(
    "/challenge",
    operation({
      summary: "Get what a passkey must sign to sign in, within five minutes",
      needs: "nothing",
      replies: { 200: challengeReply },
      errors: ["forbidden"],
      audit: { why: "asks for what is to be signed; the sign-in is told" },
    }),
    async (c) => {
      refuseForeignOrigin(c);
      await admit(c, { kind: "nobody" });
      const { host } = relyingParty(c);
      return c.json({ challenge: await signInFor(c.env, originOf(c).address).passkeyChallenge(), host });
    },
  )
  .post(
    "/",
    operation({
      summary: "Sign in with a passkey",
      needs: "nothing",
      body: proofSchema,
      replies: { 204: null },
      errors: ["unauthorized", "forbidden"],
      audit: "tries",
    }),
    async (c) => {
      refuseForeignOrigin(c);
      await admit(c, { kind: "nobody" });
      const proof = await readValid(c.req.raw, proofSchema);
      const from = { ...originOf(c), ...relyingParty(c) };
      const reply = await signInFor(c.env, proof.id).signInByPasskey(proof, from);
      if (!reply.ok) throw refusalError(reply, "the passkey is not known here, or took over five minutes");
      recordChange(c, { actor: { kind: "person", person: { id: reply.personId } } });
      await givePersonSession(c, reply.token);
      return c.body(null, 204);
    },
  );
