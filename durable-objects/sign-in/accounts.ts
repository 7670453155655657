// better-auth as this deployment uses it: people, passwords, sessions and resets. Loaded when somebody signs in, never before.
import { betterAuth } from "better-auth/minimal";
import { authDatabase } from "../../workers/store/auth-database.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

// One module, so one door to it: see the README.
export { issueChallenge } from "./challenges.ts";
export { keepOnce, takeOnce } from "./one-time.ts";
export { keepPasskey, personOfPasskey } from "./passkeys.ts";

const DAY = 24 * 3600;
export const SESSION_SECONDS = 30 * DAY;
const RESET_SECONDS = 3600;

interface AccountSettings {
  db: D1Database;
  /** Signs what better-auth signs; the deployment's own token. */
  secret: string;
  /** Called with the token of each reset and whom it is for. */
  onResetToken: (email: string, token: string) => void;
}

export function openAccounts({ db, secret, onResetToken }: AccountSettings) {
  return betterAuth({
    // Nothing here is reached by HTTP: the API's doors call it, and make addresses and cookies themselves.
    baseURL: "https://sign-in.internal",
    secret,
    database: authDatabase(db),
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    verification: { storeIdentifier: "hashed" },
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      minPasswordLength: 1, // the doors' schema decides
      maxPasswordLength: 1000,
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => onResetToken(user.email, token),
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
  });
}

export type Accounts = ReturnType<typeof openAccounts>;
