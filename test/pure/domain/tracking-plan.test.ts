import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { changeText, planDiff } from "../../../workers/domain/plan-diff.ts";
import { trackingPlanSchema } from "../../../workers/domain/plan-schema.ts";
import { planTypes } from "../../../workers/domain/plan-types.ts";
import type { PlanProperty, TrackingPlan } from "../../../workers/domain/tracking-plan.ts";
import { root } from "../../repo/source.ts";

const withProperty = (property: PlanProperty): TrackingPlan => ({
  events: { cart_opened: { properties: { x: property } } },
});

it.each<[string, PlanProperty, PlanProperty, string, boolean]>([
  ["a narrower type", { type: "number" }, { type: "integer" }, "type narrowed: number → integer", true],
  ["a wider type", { type: "integer" }, { type: "number" }, "type widened: integer → number", false],
  ["required", { type: "string" }, { type: "string", required: true }, "required added", true],
  ["no longer required", { type: "string", required: true }, { type: "string" }, "required removed", false],
  [
    "fewer values",
    { type: "string", values: ["a", "b"] },
    { type: "string", values: ["a"] },
    "allowed values removed: b",
    true,
  ],
  [
    "more values",
    { type: "string", values: ["a"] },
    { type: "string", values: ["a", "b"] },
    "allowed values added: b",
    false,
  ],
  ["a limit", { type: "number" }, { type: "number", max: 5 }, "max tightened: none → 5", true],
  ["a looser limit", { type: "number", min: 2 }, { type: "number", min: 1 }, "min loosened: 2 → 1", false],
  ["a pattern", { type: "string" }, { type: "string", pattern: "a+" }, 'pattern: none → "a+"', true],
  ["a text", { type: "string" }, { type: "string", description: "?" }, "description changed", false],
])("the difference names %s and whether it breaks senders", (_, before, after, what, breaking) => {
  expect(planDiff(withProperty(before), withProperty(after))).toEqual([
    { event: "cart_opened", property: "x", what, breaking },
  ]);
});

it("events that go, modes that are raised and required properties that come break senders; others do not", () => {
  const before: TrackingPlan = { events: { a_done: {}, b_done: { mode: "observe" }, c_done: {} } };
  const after: TrackingPlan = {
    mode: "warn",
    unplanned: { events: "enforce" },
    events: {
      b_done: { mode: "observe", properties: { id: { type: "string", required: true } } },
      c_done: {},
      d_done: {},
    },
  };
  expect(planDiff(before, after).map(changeText)).toEqual([
    "! unplanned events: mode raised: observe → enforce (breaking)",
    "! a_done: event removed (breaking)",
    "! b_done.id: required property added (breaking)",
    "! c_done: mode raised: observe → warn (breaking)",
    "  d_done: event added",
  ]);
  expect(planDiff(after, after)).toEqual([]);
});

it("a call that does not fit the plan's types does not compile, and one that does, does", () => {
  const plan = trackingPlanSchema.parse({
    events: {
      signup_completed: {
        trigger: "the form is sent */ in full",
        properties: {
          plan: { type: "string", required: true, values: ["free", "team"] },
          seats: { type: "integer" },
          tags: { type: "array<string>", values: ["a", "b"] },
          items: { type: "array<object>", properties: { sku: { type: "string", required: true } } },
        },
      },
      menu_opened: {},
      file_downloaded: {
        properties: { url: { type: "string", required: true } },
      },
    },
  });
  const either = (names: string) => `(name: ${names}, plan: "free") =>`;
  const good = [
    'track("signup_completed", { props: { plan: "team", seats: 2, tags: ["a"], items: [{ sku: "x" }] } });',
    'track("menu_opened");',
    'track("menu_opened", {});',
    'track("menu_opened", { revenue: { amount: 1, currency: "EUR" } });',
    'track("pageview");',
    'track("pageview", { url: "/checkout", props: { step: 2 } });',
    'track("outbound_link_clicked", { props: { url: "example.org" } });',
    'track("file_downloaded", { props: { url: "example.com/a.pdf" } });',
    `export const f = ${either('"signup_completed" | "pageview"')} track(name, { props: { plan } });`,
    `export const g = ${either('"menu_opened" | "pageview"')} track(name);`,
    "export const own: TrackPlanned = (name, ...options) => track(name, ...options);",
  ];
  const bad = [
    'track("signup_complete", { props: { plan: "team" } });',
    'track("signup_completed");',
    'track("signup_completed", { props: {} });',
    'track("signup_completed", { props: { plan: "pro" } });',
    'track("signup_completed", { props: { plan: "team", seats: "2" } });',
    'track("signup_completed", { props: { plan: "team", colour: "red" } });',
    'track("signup_completed", { props: { plan: "team", items: [{}] } });',
    'track("menu_opened", { props: { any: 1 } });',
    'track("pageviews");',
    'track("file_downloaded");',
    `export const a = ${either('"signup_completed" | "menu_opened"')} track(name, { props: {} });`,
    `export const b = ${either('"signup_completed" | "menu_opened"')} track(name);`,
    `export const c = ${either('"signup_completed" | "pageview"')} track(name, { props: { plan: "pro" } });`,
  ];
  const folder = mkdtempSync(join(tmpdir(), "edgewise-types-"));
  const file = (name: string, lines: string[]) => writeFileSync(join(folder, name), lines.join("\n"));
  const importing = 'import { type TrackPlanned, track } from "./plan.ts";';
  try {
    file("plan.ts", [planTypes(plan, "version 1 of the plan of shop")]);
    file("good.ts", [importing, ...good]);
    file("bad.ts", [importing, ...bad]);
    const options =
      "--strict --noEmit --allowImportingTsExtensions --module esnext --moduleResolution bundler --pretty false";
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, ...options.split(" "), "good.ts", "bad.ts"], { cwd: folder });
    const places = [...String(stdout).matchAll(/^(\w+\.ts)\((\d+),\d+\): error TS/gm)].map(
      ([, name, line]) => `${name} ${line}`,
    );
    expect([...new Set(places)]).toEqual(bad.map((_, index) => `bad.ts ${index + 2}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
