// What other rooms may ask of a SignIn object, as Durable Object RPC. Types only.

export interface Credentials {
  email: string;
  password: string;
}

/** Where a try comes from, for the throttle and the list of sessions. */
export interface Origin {
  /** Empty when unknown. */
  address: string;
  userAgent: string;
}

export type Refusal = { ok: false; reason: "wrong" | "taken" } | { ok: false; reason: "throttled"; waitMs: number };

export interface SignInRpc {
  /** A session's token, when the password is right. An unknown address takes as long as a wrong password. */
  signIn(credentials: Credentials, origin: Origin): Promise<{ ok: true; token: string; personId: string } | Refusal>;
  /** A new person with that password; `taken` when the address has one. */
  register(person: Credentials & { name: string }): Promise<{ ok: true; personId: string } | Refusal>;
  /** A token that sets a new password once, within an hour; null when nobody has that address. */
  requestReset(email: string, origin: Origin): Promise<{ ok: true; token: string | null } | Refusal>;
  resetPassword(token: string, password: string): Promise<{ ok: true } | Refusal>;
  /** scrypt, for a share link's password. */
  hashPassword(password: string): Promise<string>;
  /** Throttled by `name`, what is being opened. */
  checkPassword(hash: string, password: string, origin: Origin & { name: string }): Promise<{ ok: true } | Refusal>;
}
