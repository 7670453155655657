import { expect, it } from "vitest";
import { CHROME, call, createSite, ok } from "./worker.ts";

it("a goal is read, changed for past events too, and kept apart from other sites'", async () => {
  const [site, other] = [await createSite(), await createSite()];
  const path = `/api/v1/sites/${site.id}/goals`;
  const view = { site: site.id, name: "pageview", url: "https://x.test/thanks" };
  const page = { body: view, headers: { "user-agent": CHROME } };
  expect((await call("POST", "/api/event", page)).status).toBe(202);
  const made = await ok<{ id: string }>("POST", path, { name: "Done", kind: "page", match: "/nowhere" });
  const one = `${path}/${made.id}`;
  const reached = async (name: string) => {
    const asked = { site_id: site.id, metrics: ["events"], date_range: "day", filters: [["is", "event:goal", [name]]] };
    return (await call("POST", "/api/v2/query", { body: asked })).body;
  };
  expect(await reached("Done")).toMatchObject({ results: [{ metrics: [0] }] });
  const changed = { id: made.id, name: "Thanked", kind: "page", match: "/thanks" };
  expect(await ok("PUT", one, { name: "Thanked", kind: "page", match: "/thanks" })).toEqual(changed);
  expect(await ok("GET", one)).toEqual(changed);
  expect(await reached("Thanked")).toMatchObject({ results: [{ metrics: [1] }] });
  for (const method of ["GET", "DELETE"]) {
    expect((await call(method, `/api/v1/sites/${other.id}/goals/${made.id}`)).status).toBe(404);
  }
  expect((await call("PUT", one, { body: { kind: "page" } })).body).toMatchObject({ errors: [{ path: "match" }] });
});
