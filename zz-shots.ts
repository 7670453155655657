import { readFileSync } from "node:fs";
import { launchChromium } from "./test/support/chromium.ts";
import { openDashboard } from "./test/support/dashboard-browser.ts";

const ready = JSON.parse(
  readFileSync("/tmp/ew-checks-demo.log", "utf8")
    .split("\n")
    .find((l) => l.startsWith("{"))!,
);
const browser = await launchChromium();
const mock = process.argv[2] !== "real";
const { page, complaints } = await openDashboard(browser, ready.url, {
  token: ready.adminToken,
  viewport: { width: 1280, height: 900 },
});
await page.getByRole("heading", { name: "Sites" }).waitFor();
const asp = (v: number, c: number, u: number, t: number, k: number) => ({
  validity: v,
  completeness: c,
  uniqueness: u,
  timeliness: t,
  consistency: k,
});
const day = (i: number) => new Date(Date.UTC(2026, 9, 28 + i)).toISOString().slice(0, 10);
const now = Date.now();
const f = (fault: string, reason: string, resolvedAt: number | null = null, ago = 1) => ({
  fault,
  subject: reason.slice(0, 12),
  from: now - ago * 86400000,
  to: now,
  expected: 1,
  found: 2,
  reason,
  firstSeen: now,
  lastSeen: now,
  resolvedAt,
});
if (mock)
  await page.route("**/api/v1/sites/demo/quality?*", (route) =>
    route.fulfill({
      json: {
        checkedAt: now,
        day: day(29),
        objective: { completeness: 95, met: false },
        sample: { share: 0.62, events: 3980 },
        score: {
          total: 93.4,
          aspects: asp(97.1, 91.2, 97, 99.4, 100),
          reasons: [
            { aspect: "completeness", cost: 8.8, reason: "about 310 events missing in hours without any" },
            { aspect: "uniqueness", cost: 3, reason: "order: 60 events sent twice" },
            { aspect: "validity", cost: 2.9, reason: "order: 41 values that look wrong" },
          ],
        },
        series: Array.from({ length: 30 }, (_, i) => ({
          day: day(i),
          total: i === 12 ? null : 98 - (i % 5) * 0.6 - (i === 29 ? 4 : 0),
          aspects: asp(98, 99, 99, 99, 100),
        })),
        events: [
          { event: "pageview", events: 3120, score: { total: 99.6, aspects: asp(100, 99, 99, 99, 100), reasons: [] } },
          {
            event: "order",
            events: 2000,
            score: {
              total: 90.1,
              aspects: asp(90, 99, 97, 99, 100),
              reasons: [{ aspect: "uniqueness", cost: 3, reason: "order: 60 events sent twice" }],
            },
          },
        ],
        findings: [
          f("type_drift", "order · price is a string in 100 % of its values; before, it was a number"),
          f("incomplete", "completeness is 91.2, wanted are 95 or more: about 310 events missing in hours without any"),
          f("duplicates", "3.0 % of 2000 events are repeats, usually 0.2 %"),
          f("gap", "0 events from 2026-11-26T06:00Z to 2026-11-26T08:00Z, usually 62", now - 3600000, 2),
        ],
        verdicts: {},
      },
    }),
  );
for (const scheme of ["light", "dark"] as const)
  for (const width of [1280, 390]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${ready.url}/sites/demo/quality`);
    await page.getByRole("heading", { name: "Rules" }).waitFor();
    await page.screenshot({
      path: `/tmp/shots-checks/${mock ? "mock" : "real"}-${scheme}-${width}.png`,
      fullPage: true,
    });
  }
await page.setViewportSize({ width: 1280, height: 900 });
await page.getByRole("button", { name: "New rule" }).click();
await page.getByText("Name of the rule").waitFor();
await page.getByLabel("Name of the rule").fill("page views have a path");
await page.getByLabel("Event", { exact: true }).fill("pageview");
await page.getByRole("button", { name: "Try it" }).click();
await page.waitForTimeout(1500);
await page.screenshot({ path: `/tmp/shots-checks/dialog-1.png` });
await page.getByLabel("Field", { exact: true }).fill("path");
await page.getByLabel("The field").selectOption("is like a pattern");
await page.getByRole("textbox", { name: "Pattern" }).fill("^/");
await page.getByRole("button", { name: "Try it" }).click();
await page.waitForTimeout(1500);
await page.screenshot({ path: `/tmp/shots-checks/dialog-2.png` });
console.log(complaints);
await browser.close();
