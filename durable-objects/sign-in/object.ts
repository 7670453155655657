import { DurableObject } from "cloudflare:workers";
import { randomBytes } from "node:crypto";
import type { Env } from "../../workers/env.ts";
import { findPersonByEmail } from "../../workers/store/people.ts";
import type { Accounts } from "./accounts.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import type {
  Credentials,
  NewPasskey,
  Origin,
  PasskeyProof,
  PasswordChange,
  Refusal,
  RelyingParty,
  SignedIn,
  SignInRpc,
} from "./protocol.ts";
import { createTryCounter, type TryCounter } from "./tries.ts";

/** A module of its own, bundled beside this file and beside the Worker: see the README. */
const ACCOUNTS: string = "./dist/accounts.mjs";
const WRONG: Refusal = { ok: false, reason: "wrong" };
const TAKEN: Refusal = { ok: false, reason: "taken" };
const LINK_SECONDS = 15 * 60;
const TOKEN_BYTES = 32;

type Loaded = typeof import("./accounts.ts") & {
  accounts: Accounts;
  api: Accounts["api"];
  db: D1Database;
  secret: string;
};

/** What better-auth throws for a refusal; anything else is an outage. */
function refusalStatus(error: unknown): number | null {
  if (!(error instanceof Error) || error.name !== "APIError" || !("statusCode" in error)) return null;
  return typeof error.statusCode === "number" && error.statusCode < 500 ? error.statusCode : null;
}

const shortened = (userAgent: string): string => userAgent.slice(0, 300);

/** Tries passwords, slowly for those who guess. Here and not in a Worker: hashing takes more CPU than a Worker may on the free plan. */
export class SignIn extends DurableObject<Env> implements SignInRpc {
  private loaded: Promise<Loaded> | undefined;
  private readonly tries: TryCounter;
  /** By address, from better-auth's callback to the call that asked. */
  private readonly resetTokens = new Map<string, string>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.tries = createTryCounter(ctx.storage.sql, env.ADMIN_TOKEN);
  }

  async signIn(credentials: Credentials, origin: Origin): Promise<SignedIn | Refusal> {
    const account = `account ${credentials.email}`;
    const refused = this.tries.count(account, origin);
    if (refused) return refused;
    const { api } = await this.open();
    try {
      const headers = new Headers({ "user-agent": shortened(origin.userAgent) });
      const { token, user } = await api.signInEmail({ body: credentials, headers });
      this.tries.forget(account);
      return { ok: true, token, personId: user.id };
    } catch (error) {
      if (refusalStatus(error) === null) throw error;
      return WRONG;
    }
  }

  async register(person: Credentials & { name: string }): Promise<{ ok: true; personId: string } | Refusal> {
    const { api } = await this.open();
    try {
      const { user } = await api.signUpEmail({ body: person });
      return { ok: true, personId: user.id };
    } catch (error) {
      if (refusalStatus(error) === null) throw error;
      return TAKEN;
    }
  }

  async requestReset(email: string, origin: Origin): Promise<{ ok: true; token: string | null } | Refusal> {
    const refused = this.tries.count(`reset ${email}`, origin);
    if (refused) return refused;
    const { api } = await this.open();
    await api.requestPasswordReset({ body: { email } });
    const token = this.resetTokens.get(email) ?? null;
    this.resetTokens.delete(email);
    return { ok: true, token };
  }

  async resetPassword(token: string, password: string): Promise<{ ok: true; personId: string } | Refusal> {
    const { api, accounts } = await this.open();
    const { internalAdapter } = await accounts.$context;
    // Before it is used up.
    const asked = await internalAdapter.findVerificationValue(`reset-password:${token}`);
    try {
      await api.resetPassword({ body: { token, newPassword: password } });
      return { ok: true, personId: asked?.value ?? "" };
    } catch (error) {
      if (refusalStatus(error) === null) throw error;
      return WRONG;
    }
  }

  async changePassword(
    { personId, email, password, newPassword }: PasswordChange,
    origin: Origin,
  ): Promise<{ ok: true } | Refusal> {
    const account = `account ${email}`;
    const refused = this.tries.count(account, origin);
    if (refused) return refused;
    const { internalAdapter } = await (await this.open()).accounts.$context;
    const methods = await internalAdapter.findAccounts(personId);
    const held = methods.find(({ providerId }) => providerId === "credential")?.password;
    if (!held || !(await verifyPassword(held, password))) return WRONG;
    this.tries.forget(account);
    await internalAdapter.updatePassword(personId, await hashPassword(newPassword));
    return { ok: true };
  }

  async requestLink(email: string, origin: Origin): Promise<{ ok: true; token: string | null } | Refusal> {
    const refused = this.tries.count(`link ${email}`, origin);
    if (refused) return refused;
    const known = await findPersonByEmail(this.env.DB, email);
    if (!known) return { ok: true, token: null };
    const { accounts, keepOnce } = await this.open();
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    await keepOnce(accounts, { name: `link ${token}`, value: known.person.id, seconds: LINK_SECONDS });
    return { ok: true, token };
  }

  async signInByLink(token: string, origin: Origin): Promise<SignedIn | Refusal> {
    const loaded = await this.open();
    const personId = await loaded.takeOnce(loaded.accounts, `link ${token}`);
    return personId === null ? WRONG : this.begin(loaded, personId, origin);
  }

  async passkeyChallenge(personId?: string): Promise<string> {
    const { issueChallenge, secret } = await this.open();
    return issueChallenge(secret, personId);
  }

  async addPasskey(passkey: NewPasskey & { personId: string }, at: RelyingParty): Promise<{ ok: true } | Refusal> {
    const loaded = await this.open();
    return (await loaded.keepPasskey(loaded, passkey, at)) ? { ok: true } : WRONG;
  }

  async signInByPasskey(proof: PasskeyProof, origin: Origin & RelyingParty): Promise<SignedIn | Refusal> {
    const name = `passkey ${proof.id}`;
    const refused = this.tries.count(name, origin);
    if (refused) return refused;
    const loaded = await this.open();
    const personId = await loaded.personOfPasskey(loaded, proof, origin);
    if (personId === null) return WRONG;
    this.tries.forget(name);
    return this.begin(loaded, personId, origin);
  }

  async hashPassword(password: string): Promise<string> {
    return hashPassword(password);
  }

  async checkPassword(
    hash: string,
    password: string,
    { name, ...origin }: Origin & { name: string },
  ): Promise<{ ok: true } | Refusal> {
    const refused = this.tries.count(name, origin);
    if (refused) return refused;
    if (!(await verifyPassword(hash, password))) return WRONG;
    this.tries.forget(name);
    return { ok: true };
  }

  private open(): Promise<Loaded> {
    this.loaded ??= this.load();
    return this.loaded;
  }

  private async load(): Promise<Loaded> {
    const module: typeof import("./accounts.ts") = await import(ACCOUNTS);
    const { DB: db, ADMIN_TOKEN: secret } = this.env;
    const onResetToken = (email: string, token: string) => void this.resetTokens.set(email, token);
    const accounts = module.openAccounts({ db, secret, onResetToken });
    return { ...module, accounts, api: accounts.api, db, secret };
  }

  private async begin({ accounts }: Loaded, personId: string, { userAgent }: Origin): Promise<SignedIn> {
    const { internalAdapter } = await accounts.$context;
    const { token } = await internalAdapter.createSession(personId, false, { userAgent: shortened(userAgent) });
    return { ok: true, token, personId };
  }
}
