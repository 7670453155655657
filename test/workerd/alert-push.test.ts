// Notifications of a browser: one key for the deployment, and what leaves the Worker is for that browser alone.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import { deliverNotices } from "../../workers/jobs/deliver-notices.ts";
import { pushKey } from "../../workers/store/push-key.ts";
import { readPushed, SUBSCRIBED } from "../support/pushed.ts";
import { call, createSite, ok } from "./worker.ts";

let site: Site;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;
const CONFIG = { url: "https://push.example.com/send/abc", ...SUBSCRIBED };
const aChannel = () =>
  ok<{ id: string }>("POST", at("/alert-channels"), { kind: "push", label: "Mine", config: CONFIG });

beforeEach(async () => {
  site = await createSite();
});
afterEach(() => vi.restoreAllMocks());

/** Stands in for the push service; what it was sent. */
function receive(answer: () => Response) {
  const received: { headers: Headers; body: Uint8Array }[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as string, init as RequestInit); // as channels call it
    received.push({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) });
    return answer();
  });
  return received;
}

describe("the key by which push services know the deployment", () => {
  beforeEach(() => env.DB.prepare("delete from push_keys").run());

  it("is made once, whoever asks first, and its private half never leaves", async () => {
    const asked = await Promise.all(Array.from({ length: 5 }, () => ok("GET", at("/alert-push-key"))));
    const { publicKey, privateKey } = await pushKey(env);
    expect(asked).toEqual(Array.from({ length: 5 }, () => ({ publicKey })));
    expect(publicKey).toMatch(/^B[\w-]{86}$/);
    const { results } = await env.DB.prepare("select * from push_keys").all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify(results)).not.toContain(privateKey);
    site = await createSite();
    expect(await ok("GET", at("/alert-push-key"))).toEqual({ publicKey });
  });

  it("is made anew where the owner's token is another, and stays then", async () => {
    const before = await pushKey(env);
    const moved = { DB: env.DB, ADMIN_TOKEN: "another token" };
    const after = await pushKey(moved);
    expect(after.publicKey).not.toBe(before.publicKey);
    expect(await pushKey(moved)).toEqual(after);
  });
});

describe("a browser's channel", () => {
  it("takes what a browser gives, says what is wrong of what none gives, and tells nothing of it", async () => {
    const { id } = await aChannel();
    const body = { kind: "push", label: "Mine", config: { ...CONFIG, auth: "short", url: "https://10.0.0.1/" } };
    expect((await call("POST", at("/alert-channels"), { body })).body).toMatchObject({
      errors: [{ path: "config.auth" }],
    });
    body.config.auth = CONFIG.auth;
    expect((await call("POST", at("/alert-channels"), { body })).body).toMatchObject({
      errors: [{ path: "config.url" }],
    });
    expect(await ok("GET", at(`/alert-channels/${id}`))).toMatchObject({ settings: {} });
  });

  it("is sent what it alone can read, and a test of it", async () => {
    const { id } = await aChannel();
    const received = receive(() => new Response(null, { status: 201 }));
    expect(await ok("POST", at(`/alert-channels/${id}/test`))).toEqual({ result: "sent", told: "answered 201" });
    const { headers, body } = received[0]!;
    expect(headers.get("authorization")).toContain(`, k=${(await pushKey(env)).publicKey}`);
    expect(readPushed(body)).toEqual({
      title: `Test: A test of this channel (${site.name})`,
      body: expect.stringContaining("Nothing is wrong."),
      tag: expect.stringMatching(/^test\./),
      link: expect.stringContaining(`/sites/${site.id}/alerts`),
      acknowledge: "",
    });
  });

  it.each([404, 410])(
    "whose subscription has ended, which answers %s, is turned off and told nothing more",
    async (status) => {
      const { id } = await aChannel();
      const received = receive(() => new Response(null, { status }));
      const aNotice = (name: string) => {
        const incident = {
          id: name,
          ruleId: "r",
          name: "Many",
          severity: "info",
          state: "firing",
          turn: 1,
          reason: "It is",
        };
        const message = { key: name, kind: "firing", site: { id: site.id, name: "S" }, incident, at: Date.now() };
        return env.DB.prepare(
          `insert into notices (site_id, id, incident_id, channel_id, message, state, next_at, created_at)
         values (?1, ?2, ?2, ?3, ?4, 'due', 0, ?5)`,
        )
          .bind(site.id, name, id, JSON.stringify(message), Date.now())
          .run();
      };
      await aNotice("n-1");
      await deliverNotices.run(env, Date.now());
      expect(readPushed(received[0]!.body)).toMatchObject({
        tag: "n-1",
        acknowledge: expect.stringContaining("#code="),
      });
      const { channels } = await ok<{ channels: { off: string }[] }>("GET", at("/alert-channels"));
      expect(channels).toMatchObject([{ off: `answered ${status}` }]);
      await aNotice("n-2");
      await deliverNotices.run(env, Date.now());
      expect(received).toHaveLength(1);
    },
  );
});
