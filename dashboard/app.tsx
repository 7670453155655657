import { useEffect } from "preact/hooks";
import type { Site } from "../workers/domain/site.ts";
import { ClaimPage } from "./pages/claim.tsx";
import { InvitationPage } from "./pages/invitation.tsx";
import { LivePage } from "./pages/live.tsx";
import { NewSitePage } from "./pages/new-site.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { ResetPage } from "./pages/reset.tsx";
import { SettingsPage } from "./pages/settings.tsx";
import { SharePage } from "./pages/share.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { SignInLinkPage } from "./pages/sign-in-link.tsx";
import { SitesPage } from "./pages/sites.tsx";
import { StartPage } from "./pages/start.tsx";
import { useLiveSocket } from "./state/live.ts";
import { type EntryPage, parseRoute, place, type Route, type SitePage } from "./state/router.ts";
import { session } from "./state/session.ts";
import { loadSites, sites, sitesFailure } from "./state/sites.ts";
import { Frame } from "./ui/frame.tsx";
import { lazily } from "./ui/lazily.tsx";
import { Empty, Failed, Skeleton } from "./ui/notice.tsx";

const DocsPage = lazily(async () => (await import("./pages/docs.tsx")).DocsPage);
const ProfilePage = lazily(async () => (await import("./pages/profile.tsx")).ProfilePage);

const SITE_PAGES: Record<SitePage, (props: { site: Site }) => preact.JSX.Element> = {
  overview: OverviewPage,
  live: LivePage,
  settings: SettingsPage,
  start: StartPage,
};

const ENTRY_PAGES: Record<EntryPage, () => preact.JSX.Element | null> = {
  claim: ClaimPage,
  reset: ResetPage,
  invitation: InvitationPage,
  "sign-in": SignInLinkPage,
};

const PAGE_TITLE: Record<SitePage, string> = {
  overview: "Overview",
  live: "Live",
  settings: "Settings",
  start: "First run",
};

function OnSite({ site, page }: { site: Site; page: SitePage }) {
  useLiveSocket(site.id);
  useEffect(() => {
    document.title = `${site.name} · ${PAGE_TITLE[page]} · Edgewise`;
  }, [site.name, page]);
  const Page = SITE_PAGES[page];
  return (
    <Frame site={site} page={page}>
      <Page key={site.id} site={site} />
    </Frame>
  );
}

function Missing({ what }: { what: string }) {
  return (
    <Frame>
      <Empty title={what}>
        <a href="/">Go to all sites</a>
      </Empty>
    </Frame>
  );
}

function SignedIn() {
  const route = parseRoute(place.value.path);
  useEffect(() => void loadSites(), []);
  if (route.page === "not-found") return <Missing what="There is no such page" />;
  if ("siteId" in route) {
    const site = sites.value?.find(({ id }) => id === route.siteId);
    if (site) return <OnSite key={site.id} site={site} page={route.page} />;
    if (sites.value) return <Missing what={`There is no site ${route.siteId}`} />;
    return (
      <Frame>
        {sitesFailure.value ? (
          <Failed failure={sitesFailure.value} onRetry={() => void loadSites()} />
        ) : (
          <Skeleton lines={6} />
        )}
      </Frame>
    );
  }
  if (route.page === "profile") {
    return (
      <Frame>
        <ProfilePage />
      </Frame>
    );
  }
  return <Frame>{route.page === "sites" ? <SitesPage /> : <NewSitePage />}</Frame>;
}

const isEntry = (route: Route): route is Extract<Route, { page: EntryPage }> => route.page in ENTRY_PAGES;

export function App() {
  const { value } = session;
  if (value.phase === "checking") return null;
  const route = parseRoute(place.value.path);
  // For everybody to read, signed in or not.
  if (route.page === "docs") return <DocsPage />;
  if (route.page === "share") return <SharePage key={route.shareId} id={route.shareId} />;
  if (isEntry(route)) {
    const Page = ENTRY_PAGES[route.page];
    return <Page />;
  }
  if (value.phase === "out") return <SignInPage message={value.message} />;
  return <SignedIn />;
}
