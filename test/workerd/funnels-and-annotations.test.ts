import { expect, it } from "vitest";
import type { Annotation, AnnotationComment } from "../../workers/domain/annotation.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Funnel } from "../../workers/domain/funnel.ts";
import { claimOwner, join } from "./people.ts";
import { aView, call, createSite, from, ok, sendTaken } from "./worker.ts";

const steps = [{ event: "pageview" }, { event: "signup", name: "Signed up" }];

it("a funnel is kept, changed by its version, and named by questions", async () => {
  const site = await createSite({ shards: 2 });
  for (const visitor of [1, 2, 3]) {
    const signup = aView(site, { name: "signup" });
    await sendTaken(visitor < 3 ? [aView(site), signup] : [aView(site)], from(visitor));
  }
  const path = `/api/v1/sites/${site.id}/funnels`;
  const funnel = await ok<Funnel>("POST", path, { name: "Signup", steps, window: "session" });
  expect(funnel).toMatchObject({ by: "visitor", strict: false, version: 1, steps });
  const asked = (params: object) => ({ site_id: site.id, date_range: "7d", analysis: "funnel", params });
  const bySteps = await ok<{ results: unknown }>("POST", "/api/v2/query", asked({ steps, window: "session" }));
  for (const named of [funnel.id, "Signup"]) {
    const answer = await ok("POST", "/api/v2/query", asked({ funnel: named }));
    expect(answer).toMatchObject({ results: bySteps.results, query: { params: { funnel: named } } });
  }
  const unknown = await call<Problem>("POST", "/api/v2/query", { body: asked({ funnel: "None" }) });
  expect(unknown.body.errors).toEqual([{ path: "params.funnel", message: "no such funnel; there are Signup" }]);

  const at = `${path}/${funnel.id}`;
  const wrong = await call<Problem>("POST", path, { body: { name: "x", steps: [{ goal: "none" }, ...steps] } });
  expect(wrong.body.errors?.map((error) => error.path)).toEqual(["steps.0.goal"]);
  const headers = { "if-match": '"1"' };
  const answers = await Promise.all(
    ["a", "b"].map((name) => call<Problem>("PUT", at, { body: { name, steps }, headers })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  const current = await ok<Funnel>("GET", at);
  expect(answers.find(({ status }) => status === 412)!.body.current).toEqual(current);
  expect((await call("DELETE", at, { headers })).status).toBe(412);
  expect((await call("DELETE", at)).status).toBe(204);
  expect(await ok("GET", path)).toEqual({ funnels: [], next: null });
});

it("annotations are told of the days they touch, in the site's time zone", async () => {
  const site = await createSite({ timeZone: "America/New_York" });
  const path = `/api/v1/sites/${site.id}/annotations`;
  const late = await ok<Annotation>("POST", path, { at: "2026-11-21T03:00:00Z", text: "Late on the 20th" });
  const days = await ok<Annotation>("POST", path, {
    at: ["2026-11-22", "2026-11-24"],
    text: "Sale",
    metric: "visitors",
  });
  expect(days).toMatchObject({ from: Date.UTC(2026, 10, 22, 5), to: Date.UTC(2026, 10, 25, 5) - 1, comments: [] });
  const within = async (query: string) =>
    (await ok<{ annotations: Annotation[] }>("GET", `${path}?${query}`)).annotations.map(({ id }) => id);
  expect(await within("")).toEqual([late.id, days.id]);
  expect(await within("from=2026-11-20&to=2026-11-20")).toEqual([late.id]);
  expect(await within("from=2026-11-21&to=2026-11-21")).toEqual([]);
  expect(await within("from=2026-11-24")).toEqual([days.id]);
  expect(await within("to=2026-11-22")).toEqual([late.id, days.id]);
  for (const [field, body] of [
    ["at", { at: ["2026-11-22", "2026-11-21"], text: "x" }],
    ["at", { at: "yesterday", text: "x" }],
    ["metric", { at: "2026-11-21T03:00:00Z", text: "x", metric: "joy" }],
    ["exceptional", { at: "2026-11-21T03:00:00Z", text: "x", exceptional: true }],
  ] as const) {
    const wrong = await call<Problem>("POST", path, { body });
    expect([wrong.status, wrong.body.errors?.[0]?.path.split(".")[0]]).toEqual([400, field]);
  }
  const changed = await ok<Annotation>("PUT", `${path}/${days.id}`, { at: "2026-11-20T12:00:00Z", text: "Sale" });
  expect(changed).toMatchObject({ version: 2, metric: null });
  expect(await within("from=2026-11-22")).toEqual([]);
});

it("people talk about an annotation, and a share link hears nothing of it", async () => {
  await claimOwner();
  const [ann, ben] = [await join("main", "analyst"), await join("main", "analyst")];
  const site = await createSite();
  const path = `/api/v1/sites/${site.id}/annotations`;
  const { id } = await ok<Annotation>("POST", path, { at: "2026-11-21T03:00:00Z", text: "Began" });
  const say = (headers: { cookie: string }, text: string) =>
    call<AnnotationComment>("POST", `${path}/${id}/comments`, { token: "", headers, body: { text } });
  const [first, second] = [await say(ann.headers, "Why?"), await say(ben.headers, "Because.")];
  expect(first.body).toMatchObject({ text: "Why?", by: { name: "analyst" } });
  expect((await ok<Annotation>("GET", `${path}/${id}`)).comments).toEqual([first.body, second.body]);
  const remove = (headers: { cookie: string }) =>
    call("DELETE", `${path}/${id}/comments/${first.body.id}`, { token: "", headers });
  expect([(await remove(ben.headers)).status, (await remove(ann.headers)).status]).toEqual([404, 204]);
  const { annotations } = await ok<{ annotations: Annotation[] }>("GET", path);
  expect(annotations.map(({ comments }) => comments)).toEqual([[second.body]]);

  const share = await ok<{ id: string }>("POST", `/api/v1/sites/${site.id}/shares`, { label: "all" });
  const shared = await call<Annotation>("GET", `${path}/${id}`, { token: share.id });
  expect(shared.body).toMatchObject({ text: "Began", createdBy: null, comments: [] });
  expect((await call("DELETE", `${path}/${id}`)).status).toBe(204);
  expect((await say(ann.headers, "Late")).status).toBe(404);
});
