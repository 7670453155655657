// What the dashboard promises its readers: pages that are there soon on a slow phone, and boards that a hundred may watch.

import { launchChromium } from "../../test/support/chromium.ts";
import { type BenchServer, shapeOf } from "../bench-server.ts";
import { makeBoard } from "./board.ts";
import { type FirstLoad, type LoadedPage, loadPage, type Visit } from "./first-load.ts";
import { measureViewers, type ViewersOptions, type ViewersResult } from "./viewers.ts";

export interface DashboardOptions {
  events: number;
  now: number;
  /** How often each page is loaded; the middle one counts. */
  loads: number;
  viewing: ViewersOptions;
}

export interface DashboardResult {
  events: number;
  pages: FirstLoad[];
  viewing: ViewersResult;
}

const SITE = "boards";

async function signIn({ server }: BenchServer): Promise<Visit> {
  const body = JSON.stringify({ token: server.adminToken });
  const headers = { "content-type": "application/json" };
  const reply = await fetch(`${server.url}/api/v1/session`, { method: "POST", headers, body });
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(reply.headers.get("set-cookie") ?? "") ?? [];
  if (name === undefined || value === undefined) throw new Error(`signing in was answered ${reply.status}`);
  return { url: server.url, cookie: { name, value } };
}

const pagesOf = (board: string): LoadedPage[] => [
  { name: "overview", path: `/sites/${SITE}`, figure: ".stat-change" },
  { name: "board", path: `/sites/${SITE}/boards/${board}`, figure: ".number-value" },
  { name: "explore", path: `/sites/${SITE}/explore`, figure: ".canvas-chart canvas" },
];

async function loadPages(bench: BenchServer, pages: readonly LoadedPage[], loads: number): Promise<FirstLoad[]> {
  const visit = await signIn(bench);
  const browser = await launchChromium();
  try {
    const all: FirstLoad[] = [];
    for (const page of pages) {
      const same: FirstLoad[] = [];
      for (let i = 0; i < loads; i++) same.push(await loadPage(browser, visit, page));
      all.push(same.sort((a, b) => a.figureMs - b.figureMs)[loads >> 1]!); // there are so many
    }
    return all;
  } finally {
    await browser.close();
  }
}

export async function measureDashboard(bench: BenchServer, options: DashboardOptions): Promise<DashboardResult> {
  const { events, now, loads, viewing } = options;
  const shape = shapeOf(events, now);
  const reference = await bench.fill(SITE, shape);
  await bench.rollUp(SITE, shape);
  const board = await makeBoard(bench, SITE, shape, now);
  const pages = await loadPages(bench, pagesOf(board.id), loads);
  return { events: reference.events, pages, viewing: await measureViewers(bench, { site: SITE, board }, viewing) };
}
