// What surrounds every page: skip link, site switcher, the site's pages, theme, help, sign-out.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { formatExact } from "../state/format.ts";
import type { IconName } from "../state/icon-paths.ts";
import { useFiring } from "../state/incidents.ts";
import { connection, live } from "../state/live.ts";
import { openPages } from "../state/open-pages.ts";
import { navigate, siteHref } from "../state/router.ts";
import { mayAnywhere, maySeeSystem, session, signOut } from "../state/session.ts";
import { NUMBERED, SITE_PAGES, type SitePage } from "../state/site-pages.ts";
import { sites } from "../state/sites.ts";
import { nextTheme, theme } from "../state/theme.ts";
import { Help } from "./help.tsx";
import { Icon, Logo } from "./icon.tsx";
import { type KeyTable, useChord, useKeys } from "./keys.tsx";
import { later } from "./later.tsx";
import { Menu, MenuItem } from "./menu.tsx";

const Palette = later(
  async () => (await import("./palette.tsx")).Palette,
  () => null,
);

const THEME_ICON: Record<string, IconName> = { auto: "system", light: "sun", dark: "moon" };

function SiteSwitcher({ site, page }: { site: Site; page: SitePage }) {
  const target = page === "start" ? "overview" : page;
  return (
    <Menu label={<span class="site-name">{site.name}</span>} title="Switch site" quiet>
      {(close) => (
        <>
          {(sites.value ?? []).map((one) => (
            <MenuItem
              key={one.id}
              chosen={one.id === site.id}
              onChoose={() => {
                close();
                navigate(siteHref(one.id, target));
              }}
            >
              {one.name}
            </MenuItem>
          ))}
          <hr />
          <a class="menu-item" href="/" onClick={close}>
            All sites
          </a>
          {mayAnywhere("sites") && (
            <a class="menu-item" href="/new" onClick={close}>
              Add a site
            </a>
          )}
        </>
      )}
    </Menu>
  );
}

const GROUPS = ["watch", "analyse", "share", "settle"] as const;

function Online() {
  const visitors = live.value?.state.visitors;
  if (visitors === undefined) return null;
  const lost = connection.value !== "live";
  const counted = `visitors in the last 5 minutes${lost ? ", before the connection was lost" : ""}`;
  return (
    <span class={lost ? "online lost" : "online"} title={`${formatExact(visitors)} ${counted}`}>
      <span class="dot" aria-hidden="true" />
      {formatExact(visitors)}
    </span>
  );
}

function Firing({ siteId }: { siteId: string }) {
  const count = useFiring(siteId);
  if (!count) return null;
  return (
    <span class="firing" role="status">
      {formatExact(count)}
      <span class="unseen"> firing</span>
    </span>
  );
}

function SiteNav({ site, page }: { site: Site; page: SitePage }) {
  const shown = openPages(site);
  return (
    <nav class="pages" aria-label="Pages of this site">
      {GROUPS.filter((group) => shown.some((name) => SITE_PAGES[name].group === group)).map((group) => (
        <ul key={group}>
          {shown
            .filter((name) => SITE_PAGES[name].group === group)
            .map((name) => (
              <li key={name}>
                <a href={siteHref(site.id, name)} aria-current={name === page ? "page" : undefined}>
                  <Icon name={SITE_PAGES[name].icon} />
                  {SITE_PAGES[name].label}
                  {name === "live" && <Online />}
                  {name === "alerts" && <Firing siteId={site.id} />}
                </a>
              </li>
            ))}
        </ul>
      ))}
    </nav>
  );
}

/** Absent for who holds the deployment's token, which is nobody's. */
function ProfileLink() {
  const { value } = session;
  const person = value.phase === "in" ? value.session.person : undefined;
  if (!person) return null;
  return (
    <a class="icon-button" href="/profile" title={`Profile: ${person.email}`} aria-label="Profile">
      <Icon name="person" />
    </a>
  );
}

/** Digits open the pages in the order of the navigation. */
function pageKeys(site: Site): KeyTable {
  const open = openPages(site);
  const entries = NUMBERED.map((page, i) => [String(i + 1), page] as const).filter(([, page]) => open.includes(page));
  return Object.fromEntries(entries.map(([digit, page]) => [digit, () => navigate(siteHref(site.id, page))]));
}

interface FrameProps {
  site?: Site | undefined;
  page?: SitePage;
  children: ComponentChildren;
}

export function Frame({ site, page = "overview", children }: FrameProps) {
  const [helping, setHelping] = useState(false);
  const [finding, setFinding] = useState(false);
  useChord("k", () => setFinding(true));
  useKeys({
    ...(site ? pageKeys(site) : {}),
    "?": () => setHelping(true),
    s: nextTheme,
    "0": () => navigate("/"),
  });
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class={site ? "bar side" : "bar"}>
        <a class="brand" href="/" aria-label="Edgewise, all sites">
          <Logo />
          {!site && <span>Edgewise</span>}
        </a>
        {site && <SiteSwitcher site={site} page={page} />}
        {site && <SiteNav site={site} page={page} />}
        <div class="bar-end">
          <button
            type="button"
            class="icon-button"
            title="Find (Ctrl K)"
            aria-label="Find"
            onClick={() => setFinding(true)}
          >
            <Icon name="search" />
          </button>
          <button
            type="button"
            class="icon-button"
            title={`Colours: ${theme.value}`}
            aria-label={`Colours: ${theme.value}. Change`}
            onClick={nextTheme}
          >
            <Icon name={THEME_ICON[theme.value] ?? "system"} />
          </button>
          <button
            type="button"
            class="icon-button for-keys"
            title="Keyboard (?)"
            aria-label="Keyboard shortcuts"
            onClick={() => setHelping(true)}
          >
            <Icon name="help" />
          </button>
          {maySeeSystem() && (
            <a class="icon-button" href="/system" title="System: health, times, cost" aria-label="System">
              <Icon name="pulse" />
            </a>
          )}
          <ProfileLink />
          <button
            type="button"
            class="icon-button"
            title="Sign out"
            aria-label="Sign out"
            onClick={() => void signOut()}
          >
            <Icon name="signout" />
          </button>
        </div>
      </header>
      <main id="content" class={site ? "beside" : undefined} tabIndex={-1}>
        {children}
      </main>
      {helping && <Help onClose={() => setHelping(false)} />}
      {finding && <Palette site={site} onClose={() => setFinding(false)} />}
    </>
  );
}
