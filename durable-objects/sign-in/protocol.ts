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

/** Where a passkey is used: it works at one host and nowhere else. */
export interface RelyingParty {
  /** `https://stats.example.com` */
  origin: string;
  host: string;
}

/** What a device says when it makes a passkey; base64url, as `PublicKeyCredential.toJSON` gives it. */
export interface NewPasskey {
  id: string;
  clientDataJSON: string;
  attestationObject: string;
  transports: string[];
  /** What its owner calls it. */
  label: string;
}

/** What a device says when it signs in. */
export interface PasskeyProof {
  id: string;
  clientDataJSON: string;
  authenticatorData: string;
  signature: string;
}

/** The token of a new session. */
export type SignedIn = { ok: true; token: string; personId: string };
export type Refusal = { ok: false; reason: "wrong" | "taken" } | { ok: false; reason: "throttled"; waitMs: number };

export interface PasswordChange {
  personId: string;
  email: string;
  password: string;
  newPassword: string;
}

export interface SignInRpc {
  /** A session's token, when the password is right. An unknown address takes as long as a wrong password. */
  signIn(credentials: Credentials, origin: Origin): Promise<SignedIn | Refusal>;
  /** A new person with that password; `taken` when the address has one. */
  register(person: Credentials & { name: string }): Promise<{ ok: true; personId: string } | Refusal>;
  /** A token that sets a new password once, within an hour; null when nobody has that address. */
  requestReset(email: string, origin: Origin): Promise<{ ok: true; token: string | null } | Refusal>;
  resetPassword(token: string, password: string): Promise<{ ok: true; personId: string } | Refusal>;
  /** The old one is tried like at sign-in. A person without a password has to ask for a reset. */
  changePassword(change: PasswordChange, origin: Origin): Promise<{ ok: true } | Refusal>;
  /** A token that signs in once, within a quarter of an hour; null when nobody has that address. */
  requestLink(email: string, origin: Origin): Promise<{ ok: true; token: string | null } | Refusal>;
  signInByLink(token: string, origin: Origin): Promise<SignedIn | Refusal>;
  /** What a device must sign within five minutes: a new one of that person's, or, left out, one that signs in. */
  passkeyChallenge(personId?: string): Promise<string>;
  /** Refused also when the device's passkey is known, or the person has twenty. */
  addPasskey(passkey: NewPasskey & { personId: string }, at: RelyingParty): Promise<{ ok: true } | Refusal>;
  signInByPasskey(proof: PasskeyProof, origin: Origin & RelyingParty): Promise<SignedIn | Refusal>;
  /** scrypt, for a share link's password. */
  hashPassword(password: string): Promise<string>;
  /** Throttled by `name`, what is being opened. */
  checkPassword(hash: string, password: string, origin: Origin & { name: string }): Promise<{ ok: true } | Refusal>;
}
