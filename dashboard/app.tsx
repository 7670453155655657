import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import type { Site } from "../workers/domain/site.ts";
import { LivePage } from "./pages/live.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { SitesPage } from "./pages/sites.tsx";
import { requestAhead } from "./state/api.ts";
import { useLiveSocket } from "./state/live.ts";
import { type EntryPage, parseRoute, place, type Route } from "./state/router.ts";
import { session } from "./state/session.ts";
import { SITE_PAGES, type SitePage } from "./state/site-pages.ts";
import { loadSites, sitePath, sites, sitesFailure } from "./state/sites.ts";
import { Frame } from "./ui/frame.tsx";
import { type LaterComponent, later } from "./ui/later.tsx";
import { Empty, Failed, Skeleton } from "./ui/notice.tsx";

export interface SitePageProps {
  site: Site;
  /** What of the page's many is open; undefined on the list of them. */
  item?: string | undefined;
}

const wait = () => <Skeleton lines={6} />;
const nothing = () => null;

const PAGES: Record<SitePage, FunctionComponent<SitePageProps> | LaterComponent<SitePageProps>> = {
  live: LivePage,
  overview: OverviewPage,
  alerts: later(async () => (await import("./pages/alerts.tsx")).AlertsPage, wait),
  explore: later(async () => (await import("./pages/explore.tsx")).ExplorePage, wait),
  funnels: later(async () => (await import("./pages/funnels.tsx")).FunnelsPage, wait),
  paths: later(async () => (await import("./pages/paths.tsx")).PathsPage, wait),
  retention: later(async () => (await import("./pages/retention.tsx")).RetentionPage, wait),
  features: later(async () => (await import("./pages/features.tsx")).FeaturesPage, wait),
  sessions: later(async () => (await import("./pages/sessions.tsx")).SessionsPage, wait),
  boards: later(async () => (await import("./pages/boards.tsx")).BoardsPage, wait),
  reports: later(async () => (await import("./pages/reports.tsx")).ReportsPage, wait),
  executive: later(async () => (await import("./pages/executive.tsx")).ExecutivePage, wait),
  audit: later(async () => (await import("./pages/audit.tsx")).AuditPage, wait),
  "tracking-plan": later(async () => (await import("./pages/tracking-plan.tsx")).TrackingPlanPage, wait),
  filtered: later(async () => (await import("./pages/filtered.tsx")).FilteredPage, wait),
  quality: later(async () => (await import("./pages/quality.tsx")).QualityPage, wait),
  privacy: later(async () => (await import("./pages/privacy.tsx")).PrivacyPage, wait),
  settings: later(async () => (await import("./pages/settings.tsx")).SettingsPage, wait),
  reconciliation: later(async () => (await import("./pages/reconciliation.tsx")).ReconciliationPage, wait),
  start: later(async () => (await import("./pages/start.tsx")).StartPage, wait),
};

let sitesAhead = false;

/** What the address will show is fetched while it is being asked who looks at it. */
export function loadAhead(): void {
  const route = parseRoute(place.value.path);
  if (!("siteId" in route)) return;
  sitesAhead = true;
  void loadSites();
  if (route.page === "boards" && route.item !== undefined) {
    requestAhead(`${sitePath(route.siteId)}/boards/${encodeURIComponent(route.item)}`);
  }
  const page = PAGES[route.page];
  if ("ahead" in page) page.ahead();
}

const ENTRY_PAGES: Record<EntryPage, FunctionComponent> = {
  claim: later(async () => (await import("./pages/claim.tsx")).ClaimPage, nothing),
  reset: later(async () => (await import("./pages/reset.tsx")).ResetPage, nothing),
  invitation: later(async () => (await import("./pages/invitation.tsx")).InvitationPage, nothing),
  acknowledge: later(async () => (await import("./pages/acknowledge.tsx")).AcknowledgePage, nothing),
  "sign-in": later(async () => (await import("./pages/sign-in-link.tsx")).SignInLinkPage, nothing),
};

const DocsPage = later(async () => (await import("./pages/docs.tsx")).DocsPage, wait);
const ComponentsPage = later(async () => (await import("./pages/components.tsx")).ComponentsPage, wait);
const NewSitePage = later(async () => (await import("./pages/new-site.tsx")).NewSitePage, wait);
const ProfilePage = later(async () => (await import("./pages/profile.tsx")).ProfilePage, wait);
const SystemPage = later(async () => (await import("./pages/system.tsx")).SystemPage, wait);
const SharePage = later(async () => (await import("./pages/share.tsx")).SharePage, nothing);
const SignInPage = later(async () => (await import("./pages/sign-in.tsx")).SignInPage, nothing);

function OnSite({ site, page, item }: SitePageProps & { page: SitePage }) {
  useLiveSocket(site.id);
  useEffect(() => {
    document.title = `${site.name} · ${SITE_PAGES[page].label} · Edgewise`;
  }, [site.name, page]);
  const Page = PAGES[page];
  return (
    <Frame site={site} page={page}>
      <Page key={`${page} ${site.id}`} site={site} item={item} />
    </Frame>
  );
}

function Missing({ what }: { what: string }) {
  return (
    <Frame>
      <h1 class="unseen">Not found</h1>
      <Empty title={what}>
        <a href="/">Go to all sites</a>
      </Empty>
    </Frame>
  );
}

function SignedIn() {
  const route = parseRoute(place.value.path);
  useEffect(() => {
    const known = sitesAhead && sites.peek() !== null;
    sitesAhead = false;
    if (!known) void loadSites();
  }, []);
  if (route.page === "not-found") return <Missing what="There is no such page" />;
  if ("siteId" in route) {
    const site = sites.value?.find(({ id }) => id === route.siteId);
    if (site) return <OnSite key={site.id} site={site} page={route.page} item={route.item} />;
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
  if (route.page === "system") {
    return (
      <Frame>
        <SystemPage />
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
  if (route.page === "components") return <ComponentsPage />;
  if (route.page === "share") return <SharePage key={route.shareId} id={route.shareId} />;
  if (isEntry(route)) {
    const Page = ENTRY_PAGES[route.page];
    return <Page />;
  }
  if (value.phase === "out") return <SignInPage message={value.message} />;
  return <SignedIn />;
}
