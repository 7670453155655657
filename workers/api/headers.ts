import { createMiddleware } from "hono/factory";

/** What every answer of the API says about itself: it is no page, and nobody's cache keeps it. */
export const apiHeaders = createMiddleware(async (c, next) => {
  await next();
  if (c.res.status === 101) return;
  c.header("x-content-type-options", "nosniff");
  c.header("referrer-policy", "no-referrer");
  // A page that is made here says itself what it lets in.
  const isPage =
    c.res.headers.get("content-type")?.startsWith("text/html") && c.res.headers.has("content-security-policy");
  if (!isPage) c.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
});
