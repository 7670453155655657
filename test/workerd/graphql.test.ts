// GraphQL opens no door that the API keeps shut, says why as the API does, and refuses what is too much before it asks.
import { beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { claimOwner, cookiesOf, join, post } from "./people.ts";
import { ask, aView, call, createSite, from, ok, send } from "./worker.ts";

interface Refused {
  message: string;
  path: (string | number)[];
  extensions: { code: string; errors?: Problem["errors"]; requestId: string };
}
type Answered = { data: Record<string, Record<string, unknown>> | null; errors?: Refused[] } & Partial<Problem>;
type Headers = Record<string, string>;

let site: Site;
let foreign: Site;
let viewer: Headers;
let share: Headers;

const asked = (query: string, headers?: Headers, more: object = {}) =>
  call<Answered>("POST", "/graphql", { ...(headers && { token: "", headers }), body: { query, ...more } });
const codes = ({ body }: { body: Answered }) => body.errors?.map(({ extensions }) => extensions.code);
const keyFor = async (scope: string): Promise<Headers> => {
  const made = await ok<{ key: string }>("POST", `/api/v1/sites/${site.id}/keys`, { label: scope, scopes: [scope] });
  return { authorization: `Bearer ${made.key}` };
};
const visitors = (id: string) =>
  `{ site(id: "${id}") { query(metrics: ["visitors"], date_range: "all") { results { metrics } meta { exact } } } }`;
const newGoal = (id: string) => `mutation { makeGoal(site: "${id}", kind: "event", match: "signup") { id name } }`;

beforeAll(async () => {
  await claimOwner();
  site = await createSite();
  const team = await ok<{ id: string }>("POST", "/api/v1/teams", { name: "Others" });
  foreign = await createSite({ team: team.id });
  viewer = (await join("main", "viewer")).headers;
  const made = await ok<{ id: string }>("POST", `/api/v1/sites/${site.id}/shares`, { label: "all" });
  share = cookiesOf(await post(`/api/v1/shares/${made.id}`, {}));
  for (const visitor of [1, 2, 3]) await send(aView(site), from(visitor));
});

describe("who asks", () => {
  it("is told the same figure as by the API, whether operator, viewer, key or share link", async () => {
    const { results } = await ask(site);
    expect(results[0]?.metrics).toEqual([3]);
    for (const who of [undefined, viewer, share, await keyFor("query")]) {
      const { body } = await asked(visitors(site.id), who);
      expect(body).toEqual({
        data: { site: { query: { results: [{ metrics: results[0]?.metrics }], meta: { exact: true } } } },
      });
    }
  });

  it("must show who they are, and not from another origin's page", async () => {
    expect(await asked("{ __typename }", {})).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    const elsewhere = { ...viewer, origin: "https://elsewhere.example" };
    expect(await asked(visitors(site.id), elsewhere)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });

  it("cannot tell a foreign site from a missing one", async () => {
    for (const who of [viewer, share, await keyFor("query")]) {
      const [theirs, none] = [await asked(visitors(foreign.id), who), await asked(visitors("no-such"), who)];
      expect([codes(theirs), codes(none)]).toEqual([["not_found"], ["not_found"]]);
      const shapeOf = ({ body }: { body: Answered }, id: string) =>
        JSON.stringify(
          body.errors?.map(({ message, extensions }) => [message, { ...extensions, requestId: "" }]),
        ).replaceAll(id, "SITE");
      expect(shapeOf(theirs, foreign.id)).toBe(shapeOf(none, "no-such"));
    }
  });

  it("changes what their scopes allow, and nothing else", async () => {
    for (const who of [viewer, share, await keyFor("query")]) {
      expect(codes(await asked(newGoal(site.id), who))).toEqual(["forbidden"]);
    }
    expect(codes(await asked(visitors(site.id), await keyFor("import")))).toEqual(["forbidden"]);
    expect(await ok("GET", `/api/v1/sites/${site.id}/goals`)).toEqual({ goals: [], next: null });
    const { body } = await asked(newGoal(site.id));
    const goal = body.data?.makeGoal;
    expect(await ok("GET", `/api/v1/sites/${site.id}/goals`)).toMatchObject({ goals: [goal] });
    const removal = `mutation($id: ID!) { removeGoal(site: "${site.id}", goalId: $id) }`;
    expect((await asked(removal, undefined, { variables: goal })).body.data).toEqual({ removeGoal: true });
    expect(codes(await asked(removal, undefined, { variables: goal }))).toEqual(["not_found"]);
  });

  it("cannot leave the door that a field names", async () => {
    const { body } = await asked(`{ site(id: "${site.id}") { metric(name: "../goals?x=/") { name } } }`);
    expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual(["not_found"]);
    expect(
      codes(await asked(`{ site(id: "${foreign.id}/../${site.id}") { goals { goals { id } } } }`, viewer)),
    ).toEqual(["not_found"]);
    await ok("POST", "/api/v1/sites", { id: "goals" });
    for (const name of ["..", ".", ""]) {
      const query = `{ site(id: "${site.id}") { metric(name: "${name}") { name } } dots: site(id: "${name}") { goals { goals { id } } } }`;
      const { body } = await asked(query);
      expect(body.errors?.map(({ message }) => message)).toEqual(Array(2).fill(`there is nothing called "${name}"`));
      expect(codes({ body })).toEqual(["not_found", "not_found"]);
    }
  });

  it("is answered whatever the client holds already", async () => {
    const held = { ...viewer, "if-none-match": "*" };
    expect((await asked(visitors(site.id), held)).body).toEqual((await asked(visitors(site.id), viewer)).body);
    const goals = `{ site(id: "${site.id}") { goals { goals { id } } } }`;
    expect((await asked(goals, held)).body).toEqual((await asked(goals, viewer)).body);
  });
});

describe("a refusal", () => {
  it("of a door has its code and the paths of bad fields", async () => {
    const { status, body } = await asked(
      `{ site(id: "${site.id}") { good: goals { goals { id } } bad: query(metrics: ["none"], date_range: "7d") { results { metrics } } } }`,
    );
    expect(status).toBe(200);
    expect(body.errors).toMatchObject([
      { path: ["site", "bad"], extensions: { code: "invalid", errors: [{ path: "metrics.0" }] } },
    ]);
    expect(body.data?.site).toEqual({ good: { goals: [] }, bad: null });
  });

  it.each([
    ["no GraphQL", "{"],
    ["an unknown field", "{ nothing }"],
    ["a subscription", "subscription { sites }"],
    ["a missing argument", "{ site { id } }"],
  ])("of %s is a problem with a remedy", async (_, query) => {
    expect(await asked(query)).toMatchObject({ status: 400, body: { code: "invalid", errors: [{ path: "query" }] } });
  });

  it("of several operations without a name names the field", async () => {
    const query = "query a { __typename } query b { __typename }";
    expect(await asked(query)).toMatchObject({ status: 400, body: { errors: [{ path: "operationName" }] } });
    expect((await asked(query, undefined, { operationName: "b" })).body).toEqual({ data: { __typename: "Query" } });
  });

  it("meets GET and lists of documents", async () => {
    expect((await call("GET", "/graphql?query={__typename}")).status).toBe(404);
    expect((await call("POST", "/graphql", { body: [{ query: "{ __typename }" }] })).status).toBe(400);
  });
});

describe("too much is refused", () => {
  const many = (count: number, field: string) => Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(" ");
  const doors = (count: number) => `{ site(id: "${site.id}") { ${many(count, "goals { goals { id } }")} } }`;
  const told = async (query: string) => {
    const { status, body } = await asked(query);
    return [status, body.errors?.[0]?.message ?? ""];
  };

  it("beyond twenty questions, by aliases or fragments", async () => {
    expect((await asked(doors(20))).body.errors).toBeUndefined();
    expect(await told(doors(21))).toEqual([400, expect.stringContaining("more than 20 times")]);
    const spread = `{ ${many(7, `site(id: "${site.id}") { ...f }`)} } fragment f on AskedSite { ${many(3, "goals { goals { id } }")} }`;
    expect(await told(spread)).toEqual([400, expect.stringContaining("more than 20 times")]);
    const inline = `{ ${many(21, "... on Query { sites { sites { id } } }").replaceAll(/a\d+: /g, "")} }`;
    expect(await told(inline)).toEqual([400, expect.stringContaining("more than 20 times")]);
  });

  it("in width, depth, tokens and bytes", async () => {
    expect(await told(`{ ${many(501, "__typename")} }`)).toEqual([
      400,
      expect.stringContaining("more than 500 fields"),
    ]);
    expect(await told(`{ ${many(1000, "__typename")} }`)).toEqual([400, expect.stringContaining("2000 tokens")]);
    expect(await told("{ a ".repeat(200) + "}".repeat(200))).toEqual([400, expect.stringContaining("20 deep")]);
    expect(await told("{ a ".repeat(20_000))).toMatchObject([413, ""]);
    const circle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a ...a }";
    expect((await told(circle))[0]).toBe(400);
    const bomb = Array.from({ length: 30 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(
      " ",
    );
    expect((await told(`{ ...f0 } ${bomb} fragment f30 on Query { __typename }`))[0]).toBe(400);
  });

  it("in introspection that goes in circles", async () => {
    const circle =
      "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }";
    expect((await asked(circle)).status).toBe(400);
  });
});
