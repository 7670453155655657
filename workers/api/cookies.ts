// The cookies that this origin gives out: who has signed in, and which share links were opened. Signed with the deployment's
// token, so that a new token ends them all.
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import type { AppContext } from "./access.ts";
import { shownOrigin } from "./edge-facts.ts";

const DAY_SECONDS = 24 * 3600;
const LASTS = {
  edgewise_session: 30 * DAY_SECONDS,
  edgewise_share: DAY_SECONDS,
  edgewise_report: DAY_SECONDS,
} as const;
type CookieName = keyof typeof LASTS;

interface Given {
  value: (expires: number) => string;
  path?: string;
}

export async function giveCookie(c: AppContext, name: CookieName, { value, path = "/" }: Given): Promise<void> {
  const secure = shownOrigin(c.req.raw, c.env).startsWith("https:");
  const options = { httpOnly: true, sameSite: "Lax", path, maxAge: LASTS[name], secure } as const;
  await setSignedCookie(c, name, value(Date.now() + LASTS[name] * 1000), c.env.ADMIN_TOKEN, options);
}

/** What the cookie says, when we signed it. */
export async function readCookie(c: AppContext, name: CookieName): Promise<string | null> {
  // Without a token there is nothing to sign with, and nobody has signed in.
  if (!c.env.ADMIN_TOKEN) return null;
  return (await getSignedCookie(c, c.env.ADMIN_TOKEN, name)) || null;
}

export function dropCookie(c: AppContext, name: CookieName): void {
  deleteCookie(c, name, { path: "/" });
}
