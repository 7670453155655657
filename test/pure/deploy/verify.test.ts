import { describe, expect, it } from "vitest";
import { CHECK_SITE, verifyDeployment } from "../../../workers/local/deploy/verify.ts";

const origins = { worker: "https://w.example", dashboard: "https://d.example" };
const problem = (status: number) =>
  new Response("{}", { status, headers: { "content-type": "application/problem+json" } });

interface Answers {
  health?: () => Response;
  site?: () => Response;
  event?: () => Response;
  query?: (authorized: boolean) => Response;
}

/** A deployment that answers as given, and well where nothing is given. */
function aDeployment(answers: Answers = {}) {
  const asked: string[] = [];
  let waits = 0;
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    asked.push(`${init.method ?? "GET"} ${url}`);
    const authorized = new Headers(init.headers).has("authorization");
    if (url.endsWith("/health")) return answers.health?.() ?? new Response("ok");
    if (url.endsWith("/sites")) return answers.site?.() ?? Response.json({}, { status: 201 });
    if (url.endsWith("/event")) return answers.event?.() ?? Response.json({ accepted: 1 }, { status: 202 });
    return answers.query?.(authorized) ?? (authorized ? Response.json({ results: [{ metrics: [1] }] }) : problem(401));
  };
  const wait = async (): Promise<void> => {
    waits++;
  };
  return { deps: { fetch, wait, marker: "m1" }, asked, waits: () => waits };
}

describe("the check after a deployment", () => {
  it("sends at the Worker and asks at the dashboard", async () => {
    const { deps, asked } = aDeployment();
    expect(await verifyDeployment(origins, "token", deps)).toMatchObject({ ok: true });
    expect(asked).toEqual([
      "GET https://w.example/health",
      "POST https://d.example/api/v2/query",
      "POST https://w.example/api/v1/sites",
      "POST https://w.example/api/event",
      "POST https://d.example/api/v2/query",
    ]);
  });

  it("waits for an address that is not known yet", async () => {
    let tries = 0;
    const { deps, waits } = aDeployment({
      health: () => {
        if (tries++ < 3) throw new TypeError("fetch failed");
        return new Response("ok");
      },
    });
    expect(await verifyDeployment(origins, "token", deps)).toMatchObject({ ok: true });
    expect(waits()).toBe(3);
  });

  it("passes when its site is there from an earlier deployment", async () => {
    const { deps } = aDeployment({ site: () => problem(409) });
    expect(await verifyDeployment(origins, "token", deps)).toMatchObject({ ok: true });
  });

  it("checks what it can without a token, and sends nothing", async () => {
    const { deps, asked } = aDeployment();
    expect(await verifyDeployment(origins, null, deps)).toMatchObject({ ok: true });
    expect(asked.join()).not.toContain("/api/event");
  });

  it.each<[string, Answers, RegExp]>([
    ["the Worker is down", { health: () => new Response("", { status: 500 }) }, /health does not answer/],
    ["the Function is missing and the page itself answers", { query: () => new Response("<html>") }, /does not reach/],
    ["the token is refused", { site: () => problem(401) }, /refuses the token/],
    ["the event is refused", { event: () => problem(400) }, /test event was refused/],
    [
      "the event is lost",
      { query: (authorized) => (authorized ? Response.json({ results: [{ metrics: [0] }] }) : problem(401)) },
      /did not come out/,
    ],
  ])("fails when %s", async (_, answers, detail) => {
    const verdict = await verifyDeployment(origins, "token", aDeployment(answers).deps);
    expect(verdict).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
  });

  it("keeps its events on a site of its own", () => {
    expect(CHECK_SITE).toBe("edgewise-check");
  });
});
