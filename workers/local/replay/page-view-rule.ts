// Which request of an access log is a page view.

const STATIC_PATH =
  /\.(css|js|png|jpe?g|gif|ico|svg|woff2?|ttf|eot|otf|map|mp4|webm|mp3|ogg|avi|mov|pdf|zip|gz|tgz|bz2|xz|rar|exe|dmg|rpm|deb|jar|xml|txt|rss|atom|json|swf)$/i;

/** True for the path of a file or feed that pages load or people download, not a page. The query does not matter. */
export function isStaticPath(target: string): boolean {
  const query = target.indexOf("?");
  return STATIC_PATH.test(query < 0 ? target : target.slice(0, query));
}

/** GET, answered 200 or 304, and not a static file or feed. */
export function isPageView(request: { method: string; status: number; target: string }): boolean {
  return (
    request.method === "GET" && (request.status === 200 || request.status === 304) && !isStaticPath(request.target)
  );
}
