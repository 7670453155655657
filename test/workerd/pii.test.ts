// Personal values through the real doors: by each site's settings, counted by kind and place, the values nowhere.
import { describe, expect, it } from "vitest";
import type { PiiFound, PiiSettings } from "../../workers/domain/pii-kind.ts";
import { DEFAULT_PII } from "../../workers/domain/pii-kind.ts";
import type { Site } from "../../workers/domain/site.ts";
import { call, createSite, ok, rows, send } from "./worker.ts";

const CARD = "4012 8888 8888 1881";

interface Found {
  found: PiiFound[];
  next: string | null;
}

async function foundOf(site: Site): Promise<PiiFound[]> {
  await ok("POST", `/api/v1/sites/${site.id}/flush`);
  return (await ok<Found>("GET", `/api/v1/sites/${site.id}/pii`)).found;
}

const patch = (site: Site, pii: unknown) =>
  call<Site & { errors: { path: string; message: string }[] }>("PATCH", `/api/v1/sites/${site.id}`, { body: { pii } });

/** What is stored of the property `note`. */
async function notesOf(site: Site): Promise<unknown[]> {
  const stored = await rows(site, { metrics: ["events"], dimensions: ["event:props:note"] });
  return stored.map(([note]) => note);
}

describe("a site of which nothing was said", () => {
  it("masks all kinds, and tells of it", async () => {
    const site = await createSite();
    expect(site.pii).toEqual(DEFAULT_PII);
    const beacon = {
      site: site.id,
      name: "signup",
      url: "https://a.example/u/ann@example.com",
      props: { note: `paid by ${CARD}`, password: "hunter2" },
    };
    await send(beacon);
    await send({ site: site.id, events: [beacon, { ...beacon, props: { note: "to ann@example.com" } }] });
    const date = new Date().toISOString().slice(0, 10);
    expect(await foundOf(site)).toEqual([
      { date, kind: "card", place: "property_value", count: 2 },
      { date, kind: "email", place: "property_value", count: 1 },
      { date, kind: "email", place: "url", count: 3 },
      { date, kind: "secret", place: "property_value", count: 2 },
    ]);
    expect(new Set(await notesOf(site))).toEqual(new Set(["paid by (card)", "to (e-mail)"]));
  });

  it("counts what history holds", async () => {
    const site = await createSite();
    const lines = [0, 1].map((line) => ({
      line,
      at: Date.now() - 3_600_000,
      visitor: "v",
      name: "signup",
      url: "https://a.example/",
      title: "ann@example.com",
    }));
    const body = { import: { id: "history-1", label: "x" }, events: lines };
    await ok("POST", `/api/v1/sites/${site.id}/import`, body);
    expect(await foundOf(site)).toMatchObject([{ kind: "email", place: "title", count: 2 }]);
  });

  it("counts nothing where there was nothing", async () => {
    const site = await createSite();
    await send({ site: site.id, name: "pageview", url: "https://a.example/pricing" });
    expect(await foundOf(site)).toEqual([]);
  });
});

describe("settings for personal values", () => {
  it("hold for the events after them", async () => {
    const site = await createSite({
      pii: {
        ...DEFAULT_PII,
        kinds: { ...DEFAULT_PII.kinds, email: "off" },
        patterns: [{ name: "customer", pattern: "KND-\\d{6}", action: "mask" }],
      },
    });
    await send({
      site: site.id,
      name: "signup",
      url: "https://a.example/",
      props: { note: "ann@example.com KND-123456" },
    });
    expect(await notesOf(site)).toEqual(["ann@example.com (customer)"]);
    expect(await foundOf(site)).toMatchObject([{ kind: "own", place: "property_value", count: 1 }]);
  });

  it("are changed as a whole, what is left out going back to its default", async () => {
    const site = await createSite();
    const first = await patch(site, { kinds: { ip: "off" }, allow: { values: ["*@own.example"] } });
    expect(first.body.pii).toMatchObject({
      kinds: { ip: "off", email: "mask" },
      allow: { values: ["*@own.example"], keys: [] },
    });
    const second = await patch(site, { kinds: { email: "hash" } });
    expect(second.body.pii).toEqual({
      ...DEFAULT_PII,
      kinds: { ...DEFAULT_PII.kinds, email: "hash" },
    } satisfies PiiSettings);
    expect((await ok<Site>("GET", `/api/v1/sites/${site.id}`)).pii).toEqual(second.body.pii);
  });

  it.each([
    ["(?<=a)b", "RE2 syntax"],
    ["(a{40}){20}", "too large"],
    ["x*", "name at least one character"],
  ])("refuse the pattern %s, naming the field and the remedy", async (pattern, message) => {
    const { status, body } = await patch(await createSite(), { patterns: [{ name: "mine", pattern }] });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: "pii.patterns.0.pattern", message: expect.stringContaining(message) }]);
  });

  it("tell their allow-list and patterns to those alone who may set them", async () => {
    const site = await createSite();
    await patch(site, { allow: { values: ["boss@own.example"] }, patterns: [{ name: "mine", pattern: "KND-\\d" }] });
    const key = await ok<{ key: string }>("POST", `/api/v1/sites/${site.id}/keys`, {
      label: "reader",
      scopes: ["query"],
    });
    const { body } = await call<Site>("GET", `/api/v1/sites/${site.id}`, { token: key.key });
    expect(body.pii).toEqual(DEFAULT_PII);
  });
});

describe("trying settings on a text", () => {
  it("shows what would be kept, by the site's settings or by others, and counts nothing", async () => {
    const site = await createSite();
    const path = `/api/v1/sites/${site.id}/pii/try`;
    expect(await ok("POST", path, { text: "ann@example.com 203.0.113.7" })).toEqual({
      text: "(e-mail) (ip)",
      found: [
        { kind: "email", count: 1 },
        { kind: "ip", count: 1 },
      ],
    });
    expect(await ok("POST", path, { text: "078051121" })).toMatchObject({ text: "(national id)" });
    expect(await ok("POST", path, { text: "078051121", key: "order_id" })).toMatchObject({ text: "078051121" });
    const dropped = { text: "hunter2", key: "password", pii: { kinds: { secret: "drop" } } };
    expect(await ok("POST", path, dropped)).toEqual({ text: null, found: [{ kind: "secret", count: 1 }] });
    const refused = await call("POST", path, {
      body: { text: "x", pii: { patterns: [{ name: "mine", pattern: "(" }] } },
    });
    expect(refused.status).toBe(400);
    expect(await foundOf(site)).toEqual([]);
  });
});
