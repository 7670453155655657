import { expect, it } from "vitest";
import type { HeartSheet } from "../../workers/catalog/heart.ts";
import type { Kpi } from "../../workers/catalog/kpi.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import { aView, call, createSite, from, ok, sendTaken } from "./worker.ts";

const targets = [{ since: "2026-01-01", target: 2 }];

async function siteWithOrders() {
  const site = await createSite({ shards: 2 });
  for (const visitor of [1, 2, 3]) {
    const order = aView(site, { name: "order", props: { amount: 10 * visitor } });
    await sendTaken(visitor < 3 ? [aView(site), order] : [aView(site)], from(visitor));
  }
  const definition = { kind: "count", filters: [["is", "event:name", ["order"]]] };
  await ok("POST", `/api/v1/sites/${site.id}/metrics`, { name: "orders", label: "Orders", definition });
  return { site, path: (rest: string) => `/api/v1/sites/${site.id}/${rest}` };
}

it("a KPI is told with its status and history, changed, mapped and removed", async () => {
  const { path } = await siteWithOrders();
  const written = {
    name: "Orders a visitor",
    formula: "orders / visitors * 100",
    unit: "percent",
    businessGoal: "Grow",
    owner: "Ann",
    every: "day",
  };
  const { id } = await ok<Kpi>("POST", path("kpis"), { ...written, targets: [{ since: "2026-01-01", target: 70 }] });
  const now = { value: (2 / 3) * 100, target: 70, status: "near", running: true };
  expect(await ok("GET", path("kpis"))).toMatchObject({
    kpis: [{ id, owner: "Ann", now, before: { value: null, status: "unknown", running: false } }],
  });
  await ok("PUT", path(`kpis/${id}`), { ...written, formula: "orders", targets });
  const { history } = await ok<{ history: unknown[] }>("GET", path(`kpis/${id}?periods=3`));
  expect(history).toMatchObject([
    { value: 0, status: "missed" },
    { value: 0 },
    { value: 2, status: "met", running: true },
  ]);
  expect(await ok("GET", path("kpis/map"))).toEqual({
    goals: [
      {
        businessGoal: "Grow",
        kpis: [{ id, name: written.name, owner: "Ann", metrics: [{ name: "orders", events: ["order"] }] }],
      },
    ],
  });
  const wrong = await call<Problem>("POST", path("kpis"), { body: { ...written, formula: "orders +", targets } });
  expect([wrong.status, wrong.body.errors![0]!.path]).toEqual([400, "formula"]);
  expect((await call("GET", path(`kpis/${id}?periods=1000`))).status).toBe(400);
  expect((await call("DELETE", path(`kpis/${id}`))).status).toBe(204);
  expect((await call("GET", path(`kpis/${id}`))).status).toBe(404);
});

it("a HEART sheet is told with what its metrics came to", async () => {
  const { path } = await siteWithOrders();
  const lines = [
    { side: "engagement", goal: "People look around", signal: "page views", metric: "views_per_visit" },
    { side: "task_success", goal: "People buy", metric: "orders", target: 2 },
    { side: "adoption", goal: "People come", metric: "visitors", target: 5 },
  ];
  const { id } = await ok<HeartSheet>("POST", path("heart-sheets"), { name: "Shop", lines });
  expect(await ok("GET", path(`heart-sheets/${id}?date_range=7d`))).toMatchObject({
    name: "Shop",
    lines: [
      { side: "engagement", value: 1, before: null, status: null },
      { side: "task_success", value: 2, before: 0, status: "met" },
      { side: "adoption", value: 3, before: 0, status: "missed" },
    ],
  });
  const wrong = await call<Problem>("PUT", path(`heart-sheets/${id}`), {
    body: { name: "Shop", lines: [{ ...lines[0], metric: "joy" }] },
  });
  expect([wrong.status, wrong.body.errors![0]!.path]).toEqual([400, "lines.0.metric"]);
  expect(await ok("GET", path("heart-sheets"))).toMatchObject({ sheets: [{ id, lines }] });
  expect((await call("DELETE", path(`heart-sheets/${id}`))).status).toBe(204);
  expect((await call("GET", path(`heart-sheets/${id}`))).status).toBe(404);
});
