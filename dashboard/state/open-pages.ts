// Which pages of a site its reader is offered.
import type { Site } from "../../workers/domain/site.ts";
import { mayIn, maySettle, session } from "./session.ts";
import { SITE_PAGES, type SitePage, sitePages } from "./site-pages.ts";

/** Of a share link: a link to one board offers boards, one to the site what can be read of its numbers. */
function isShared(page: SitePage, boardId: string | null): boolean {
  if (boardId !== null) return page === "boards";
  return page !== "alerts" && SITE_PAGES[page].group !== "settle";
}

function mayOpen(site: Pick<Site, "teamId">, page: SitePage): boolean {
  const { value } = session;
  if (value.phase === "in" && value.session.role === "share") return isShared(page, value.session.boardId ?? null);
  if (page === "audit") return mayIn(site.teamId, page);
  if (page === "privacy") return mayIn(site.teamId, page) || mayIn(site.teamId, "settings");
  return page !== "settings" || maySettle(site);
}

/** Those of the navigation, in its order. */
export const openPages = (site: Pick<Site, "teamId">): readonly SitePage[] =>
  sitePages.filter((page) => SITE_PAGES[page].group !== null && mayOpen(site, page));
