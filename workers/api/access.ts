// Who asks. The owner's token and its session may do everything; a key what its scopes say, on its site alone.
import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { AppError } from "../domain/errors.ts";
import type { SiteId } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { type ApiKey, findApiKey, type Scope } from "../store/api-keys.ts";

export type AppContext = Context<{ Bindings: Env }>;

const COOKIE = "edgewise_session";
const SESSION_SECONDS = 30 * 24 * 3600;
const encoder = new TextEncoder();

async function sameSecret(given: string, real: string): Promise<boolean> {
  if (!real) return false;
  // Equal lengths for timingSafeEqual, and nothing learned from the length of the token.
  const [a, b] = await Promise.all([given, real].map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text))));
  return a !== undefined && b !== undefined && crypto.subtle.timingSafeEqual(a, b);
}

export async function signIn(c: AppContext, token: string): Promise<void> {
  if (!(await sameSecret(token, c.env.ADMIN_TOKEN))) {
    throw new AppError("unauthorized", "the token is not right; the server printed it at its first start");
  }
  const expires = String(Date.now() + SESSION_SECONDS * 1000);
  const secure = new URL(c.req.url).protocol === "https:";
  const options = { httpOnly: true, sameSite: "Lax", path: "/", maxAge: SESSION_SECONDS, secure } as const;
  await setSignedCookie(c, COOKIE, expires, c.env.ADMIN_TOKEN, options);
}

export function signOut(c: AppContext): void {
  deleteCookie(c, COOKIE, { path: "/" });
}

function bearerOf(c: AppContext): string | null {
  return /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
}

/** A page of another origin may not act with the reader's cookie. */
function refuseForeignOrigin(c: AppContext): void {
  const origin = c.req.header("origin");
  if (!origin || origin === new URL(c.req.url).origin) return;
  // Behind a proxy that ends TLS the schemes differ. An origin may have no host: `null` is one.
  const host = URL.parse(origin)?.host;
  if (host && host === c.req.header("host")) return;
  throw new AppError("forbidden", "requests with a session must come from the dashboard's own origin");
}

async function hasSession(c: AppContext): Promise<boolean> {
  // Without a token there is nothing to sign with, and nobody has signed in.
  if (!c.env.ADMIN_TOKEN) return false;
  const expires = await getSignedCookie(c, c.env.ADMIN_TOKEN, COOKIE);
  if (!expires || Number(expires) < Date.now()) return false;
  refuseForeignOrigin(c);
  return true;
}

/** The key that asks, or null for the owner; throws when it is neither. */
async function askingKey(c: AppContext): Promise<ApiKey | null> {
  const bearer = bearerOf(c);
  if (bearer === null) {
    if (await hasSession(c)) return null;
    throw new AppError("unauthorized", "sign in, or send Authorization: Bearer with the admin token or a key");
  }
  if (await sameSecret(bearer, c.env.ADMIN_TOKEN)) return null;
  const key = await findApiKey(c.env.DB, bearer);
  if (!key) throw new AppError("unauthorized", "the token or key is not known");
  return key;
}

export async function requireOwner(c: AppContext): Promise<void> {
  if ((await askingKey(c)) !== null) throw new AppError("forbidden", "this needs the owner; the key may not do it");
}

export async function requireScope(c: AppContext, siteId: SiteId, scope: Scope): Promise<void> {
  const key = await askingKey(c);
  if (key === null) return;
  if (key.siteId !== siteId) throw new AppError("forbidden", `the key belongs to another site than ${siteId}`);
  if (!key.scopes.includes(scope)) throw new AppError("forbidden", `the key lacks the scope ${scope}`);
}
