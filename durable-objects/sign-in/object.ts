import { DurableObject } from "cloudflare:workers";
import { ACCOUNT_PACE, ADDRESS_PACE, nextTry, type Pace, type Tries } from "../../workers/access/throttle.ts";
import type { Env } from "../../workers/env.ts";
import type { Accounts } from "./accounts.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import type { Credentials, Origin, Refusal, SignInRpc } from "./protocol.ts";

/** A module of its own, bundled beside this file and beside the Worker: see the README. */
const ACCOUNTS: string = "./dist/accounts.mjs";
const WRONG: Refusal = { ok: false, reason: "wrong" };
const TAKEN: Refusal = { ok: false, reason: "taken" };

/** What better-auth throws for a refusal; anything else is an outage. */
function refusalStatus(error: unknown): number | null {
  if (!(error instanceof Error) || error.name !== "APIError" || !("statusCode" in error)) return null;
  return typeof error.statusCode === "number" && error.statusCode < 500 ? error.statusCode : null;
}

/** Tries passwords, slowly for those who guess. Here and not in a Worker: hashing takes more CPU than a Worker may on the free plan. */
export class SignIn extends DurableObject<Env> implements SignInRpc {
  private accounts: Promise<Accounts> | undefined;
  /** By address, from better-auth's callback to the call that asked. */
  private readonly resetTokens = new Map<string, string>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "create table if not exists tries (name text primary key, count integer not null, at integer not null, until integer not null) without rowid",
    );
  }

  async signIn(
    credentials: Credentials,
    origin: Origin,
  ): Promise<{ ok: true; token: string; personId: string } | Refusal> {
    const account = `account ${credentials.email}`;
    const refused = this.countTry(account, origin);
    if (refused) return refused;
    const { api } = await this.open();
    try {
      const headers = new Headers({ "user-agent": origin.userAgent.slice(0, 300) });
      const { token, user } = await api.signInEmail({ body: credentials, headers });
      this.forgetTries(account);
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
    const refused = this.countTry(`reset ${email}`, origin);
    if (refused) return refused;
    const { api } = await this.open();
    await api.requestPasswordReset({ body: { email } });
    const token = this.resetTokens.get(email) ?? null;
    this.resetTokens.delete(email);
    return { ok: true, token };
  }

  async resetPassword(token: string, password: string): Promise<{ ok: true } | Refusal> {
    const { api } = await this.open();
    try {
      await api.resetPassword({ body: { token, newPassword: password } });
      return { ok: true };
    } catch (error) {
      if (refusalStatus(error) === null) throw error;
      return WRONG;
    }
  }

  async hashPassword(password: string): Promise<string> {
    return hashPassword(password);
  }

  async checkPassword(
    hash: string,
    password: string,
    { name, ...origin }: Origin & { name: string },
  ): Promise<{ ok: true } | Refusal> {
    const refused = this.countTry(name, origin);
    if (refused) return refused;
    if (!(await verifyPassword(hash, password))) return WRONG;
    this.forgetTries(name);
    return { ok: true };
  }

  private open(): Promise<Accounts> {
    this.accounts ??= this.load();
    return this.accounts;
  }

  private async load(): Promise<Accounts> {
    const { openAccounts }: typeof import("./accounts.ts") = await import(ACCOUNTS);
    const onResetToken = (email: string, token: string) => void this.resetTokens.set(email, token);
    return openAccounts({ db: this.env.DB, secret: this.env.ADMIN_TOKEN, onResetToken });
  }

  /** Counts a try under what is tried and the address it comes from; the refusal when either must wait. */
  private countTry(name: string, { address }: Origin): Refusal | null {
    const now = Date.now();
    const counted: [string, Pace][] = [[name, ACCOUNT_PACE]];
    if (address) counted.push([`address ${address}`, ADDRESS_PACE]);
    const next = counted.map(([key, pace]) => ({ key, outcome: nextTry(this.triesOf(key), pace, now) }));
    const waits = next.flatMap(({ outcome }) => ("waitMs" in outcome ? outcome.waitMs : []));
    if (waits.length > 0) return { ok: false, reason: "throttled", waitMs: Math.max(...waits) };
    const { sql } = this.ctx.storage;
    sql.exec("delete from tries where at < ?", now - Math.max(ACCOUNT_PACE.forgetMs, ADDRESS_PACE.forgetMs));
    for (const { key, outcome } of next) {
      if (!("tries" in outcome)) continue;
      const { count, at, until } = outcome.tries;
      sql.exec("insert or replace into tries (name, count, at, until) values (?, ?, ?, ?)", key, count, at, until);
    }
    return null;
  }

  private triesOf(name: string): Tries | null {
    const query = "select count, at, until from tries where name = ?";
    return this.ctx.storage.sql.exec<{ count: number; at: number; until: number }>(query, name).toArray()[0] ?? null;
  }

  private forgetTries(name: string): void {
    this.ctx.storage.sql.exec("delete from tries where name = ?", name);
  }
}
