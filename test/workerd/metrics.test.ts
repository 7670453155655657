import { expect, it } from "vitest";
import type { CustomMetric } from "../../workers/catalog/custom-metric.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { QueryResult } from "../../workers/domain/query.ts";
import type { Segment } from "../../workers/domain/segment.ts";
import type { Site } from "../../workers/domain/site.ts";
import { aView, call, createSite, from, ok, rows, sendTaken } from "./worker.ts";

const sales = { kind: "sum", property: "amount", filters: [["is", "event:name", ["paid"]]] };

async function siteWithSales(): Promise<Site> {
  const site = await createSite({ shards: 2 });
  for (const amount of [10, 20, 30]) {
    await sendTaken([aView(site), aView(site, { name: "paid", props: { amount, plan: "pro" } })], from(amount));
  }
  return site;
}

const add = (site: Site, body: Record<string, unknown>) =>
  ok<CustomMetric>("POST", `/api/v1/sites/${site.id}/metrics`, { label: "Own", ...body });

it("the catalogue says what can be asked for, to everybody", async () => {
  const { status, body } = await call<Record<string, { name: string }[]>>("GET", "/api/v1/catalog", { token: "" });
  expect(status).toBe(200);
  const named = (list: string, name: string) => body[list]!.find((one) => one.name === name);
  expect(named("metrics", "bounce_rate")).toMatchObject({
    label: "Bounce rate",
    unit: "percent",
    better: "lower",
    formula: "100 × bounces ÷ visits",
    from: ["bounces", "visits"],
  });
  expect(named("measures", "bounces")).toMatchObject({ unit: "count" });
  expect(named("dimensions", "time:day")).toMatchObject({ scope: "time", filterable: false });
  expect(named("analyses", "funnel")).toMatchObject({ shape: "funnel", asked: true });
});

it("a metric of one's own answers like others, and every version of it for ever", async () => {
  const site = await siteWithSales();
  expect(await add(site, { name: "sales", definition: sales })).toMatchObject({ version: 1, archived: false });
  await add(site, { name: "per_visitor", definition: { kind: "ratio", part: "sales", whole: "visitors" } });
  const asked = { metrics: ["sales", "per_visitor", "visitors"] };
  expect(await rows(site, asked)).toEqual([[60, 20, 3]]);
  expect(await rows(site, { ...asked, dimensions: ["event:props:plan"] })).toEqual([
    ["pro", 60, 20, 3],
    ["(none)", 0, 0, 3],
  ]);

  const path = `/api/v1/sites/${site.id}/metrics/sales`;
  const mean = { label: "Mean sale", definition: { ...sales, kind: "average" } };
  expect(await ok("PUT", path, mean)).toMatchObject({ name: "sales", version: 2, label: "Mean sale" });
  expect(await rows(site, { metrics: ["sales", "sales@1", "per_visitor"] })).toEqual([[20, 60, 20]]);
  expect(await ok("GET", path)).toMatchObject({ version: 2, versions: [{ version: 1 }, { version: 2 }] });

  expect((await call("DELETE", path)).status).toBe(204);
  const gone = await call<Problem>("POST", "/api/v2/query", {
    body: { site_id: site.id, metrics: ["sales"], date_range: "day" },
  });
  expect([gone.status, gone.body.errors![0]]).toEqual([
    400,
    { path: "metrics.0", message: expect.stringContaining("per_visitor") },
  ]);
  expect(await rows(site, { metrics: ["sales@2", "per_visitor"] })).toEqual([[20, 20]]);
  expect(await add(site, { name: "sales", definition: sales })).toMatchObject({ version: 3 });
  expect(await ok("GET", `/api/v1/sites/${site.id}/metrics`)).toMatchObject({
    metrics: [{ name: "per_visitor" }, { name: "sales", version: 3 }],
  });
});

it("a metric that cannot be is refused at its place, and a name is taken once, however many ask at once", async () => {
  const site = await createSite();
  const path = `/api/v1/sites/${site.id}/metrics`;
  const post = (body: unknown) => call<Problem>("POST", path, { body });
  const one = { name: "one", label: "One", definition: { kind: "count" } };
  const statuses = (await Promise.all([post(one), post(one), post(one)])).map(({ status }) => status);
  expect(statuses.sort()).toEqual([201, 409, 409]);
  const wrong = await post({
    ...one,
    name: "two",
    definition: { kind: "count", filters: [["is", "visit:planet", ["x"]]] },
  });
  expect([wrong.status, wrong.body.errors![0]!.path]).toEqual([400, "definition.filters.0.1"]);
  expect((await post({ ...one, name: "visitors" })).body.errors![0]).toMatchObject({
    path: "name",
    message: expect.stringContaining("catalogue"),
  });
  expect((await call("PUT", `${path}/none`, { body: { label: "x", definition: { kind: "count" } } })).status).toBe(404);
});

it("a key that may query reads the metrics of its own site, and changes none", async () => {
  const site = await createSite();
  const other = await createSite();
  const { key } = await ok<{ key: string }>("POST", `/api/v1/sites/${site.id}/keys`, { label: "k", scopes: ["query"] });
  const path = (of: Site) => `/api/v1/sites/${of.id}/metrics`;
  const body = { name: "one", label: "One", definition: { kind: "count" } };
  expect((await call("GET", path(site), { token: key })).status).toBe(200);
  expect((await call("GET", path(other), { token: key })).status).toBe(404);
  expect((await call("POST", path(site), { token: key, body })).status).toBe(403);
  expect((await call("GET", path(site), { token: "" })).status).toBe(401);
});

it("amounts are told in the site's currency, by rates of their dates", async () => {
  const site = await createSite({ currency: "EUR" });
  const order = (amount: number, currency: string) => aView(site, { name: "order", revenue: { amount, currency } });
  await sendTaken([order(10, "USD"), order(5, "EUR")], from(1));
  const revenue = async () => {
    const question = { site_id: site.id, metrics: ["total_revenue"], date_range: "day" };
    const { results, meta } = await ok<QueryResult>("POST", "/api/v2/query", question);
    return [results[0]!.metrics[0], meta.metric_warnings?.total_revenue?.code];
  };
  expect(await revenue()).toEqual([null, "no_rate"]);
  const path = `/api/v1/sites/${site.id}/rates`;
  await ok("PUT", `${path}/USD/2026-01-01`, { rate: 0.5 });
  await ok("PUT", `${path}/USD/2026-01-01`, { rate: 0.9 });
  expect(await revenue()).toEqual([{ value: 14, currency: "EUR", short: "€14", long: "€14.00" }, undefined]);
  expect(await ok("GET", path)).toEqual({
    currency: "EUR",
    rates: [{ currency: "USD", since: "2026-01-01", rate: 0.9 }],
    next: null,
  });
  for (const wrong of ["USD/2026-13-01", "usd/2026-01-01", "EUR/2026-01-01"]) {
    expect((await call("PUT", `${path}/${wrong}`, { body: { rate: 1 } })).status).toBe(400);
  }
  expect((await call("PUT", `${path}/USD/2026-01-01`, { body: { rate: 0 } })).status).toBe(400);
  expect((await call("DELETE", `${path}/USD/2026-01-01`)).status).toBe(204);
  expect((await call("DELETE", `${path}/USD/2026-01-01`)).status).toBe(404);
});

it("a segment is kept, named in questions by its number, changed and removed", async () => {
  const site = await siteWithSales();
  const path = `/api/v1/sites/${site.id}/segments`;
  const made = await ok<Segment>("POST", path, { name: "Paid", filters: [["is", "event:name", ["paid"]]] });
  const asked = (id: number) => ({ metrics: ["events"], filters: [["is", "segment", [id]]] as never });
  expect(await rows(site, asked(made.id))).toEqual([[3]]);
  await ok("PUT", `${path}/${made.id}`, { name: "Large", filters: [["is", "event:props:amount", ["30"]]] });
  expect(await rows(site, asked(made.id))).toEqual([[1]]);
  expect(await ok("GET", path)).toMatchObject({ segments: [{ id: made.id, name: "Large" }] });
  const other = await createSite();
  const elsewhere = { site_id: other.id, date_range: "day", ...asked(made.id) };
  expect((await call("POST", "/api/v2/query", { body: elsewhere })).status).toBe(400);
  expect(
    (
      await call("PUT", `/api/v1/sites/${other.id}/segments/${made.id}`, {
        body: { name: "x", filters: [["is", "event:name", ["x"]]] },
      })
    ).status,
  ).toBe(404);
  expect((await call("POST", path, { body: { name: "x", filters: [["is", "segment", ["1"]]] } })).status).toBe(400);
  expect((await call("DELETE", `${path}/${made.id}`)).status).toBe(204);
  expect((await call("DELETE", `${path}/${made.id}`)).status).toBe(404);
});
