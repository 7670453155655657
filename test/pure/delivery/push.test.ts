// What a browser's push service is sent, read by an independent implementation of each standard.
import { importJWK, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { readPushed, SUBSCRIBED } from "../../support/pushed.ts";
import { PUBLISHED } from "./published.ts";
import { type Asked, aMessage, PUSH_KEY, standIn } from "./service.ts";

const CONFIG = { url: "https://push.example/send/abc", ...SUBSCRIBED };

/** A record is at most 4,096 bytes (RFC 8291, 4), all of which a service must take. */
const MOST_BYTES = 4096;

describe("a push", () => {
  const service = standIn();
  const pushed = async (...[kind, fields, more]: Parameters<typeof aMessage>): Promise<Asked> => {
    expect(await service.tell("push", CONFIG, aMessage(kind, fields, more))).toMatchObject({ result: "sent" });
    return service.requests.at(-1)!;
  };

  it("is signed by the deployment's key for that service alone, and not for long (RFC 8292)", async () => {
    const { headers } = await pushed("firing");
    const [, token, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(String(headers.authorization))!;
    expect(key).toBe(PUSH_KEY.publicKey);
    const point = Buffer.from(PUSH_KEY.publicKey, "base64url");
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
    const publicKey = await importJWK({ kty: "EC", crv: "P-256", x: x!, y: y! }, "ES256");
    const { payload } = await jwtVerify(token!, publicKey, { algorithms: ["ES256"], audience: "https://push.example" });
    expect(payload.sub).toBe("https://edge.example");
    expect(payload.exp! - Date.now() / 1000).toBeLessThan(24 * 3600);
    expect(payload.exp! - Date.now() / 1000).toBeGreaterThan(0);
  });

  it("says how long it is worth anything, how urgent it is and what it takes the place of (RFC 8030)", async () => {
    const firing = (await pushed("firing")).headers;
    expect(firing).toMatchObject({ ttl: "86400", urgency: "high", "content-encoding": "aes128gcm" });
    expect(firing.topic).toMatch(/^[\w-]{1,32}$/);
    const resolved = (await pushed("resolved")).headers;
    expect(resolved).toMatchObject({ urgency: "normal", topic: firing.topic });
    expect((await pushed("firing", { severity: "info" })).headers.urgency).toBe("normal");
    expect((await pushed("firing", { id: "r.2" })).headers.topic).not.toBe(firing.topic);
  });

  it("is read by the browser alone, and tells nobody between by its length what it says (RFC 8291)", async () => {
    const [short, long] = [
      await pushed("firing", { reason: "x" }),
      await pushed("firing", { reason: "x".repeat(300) }),
    ];
    expect(short.bytes.length).toBe(long.bytes.length);
    expect(short.bytes.length).toBeLessThanOrEqual(MOST_BYTES);
    expect(readPushed(long.bytes)).toMatchObject({ title: "Firing: Too <few> visits & more (Shop)", tag: "r.1" });
    // Once more the same is another text, under another key.
    const again = await pushed("firing", { reason: "x" });
    expect(again.bytes.subarray(0, 86).equals(short.bytes.subarray(0, 86))).toBe(false);
    const changed = Buffer.from(long.bytes);
    changed[changed.length - 1]! ^= 1;
    expect(() => readPushed(changed)).toThrow();
  });

  it("has room for the longest of all, and leaves out a link for which there is none", async () => {
    const wide = '\u{1F600}\u4E2D"'.repeat(2000);
    const link = `https://edge.example/${"x".repeat(1170)}`;
    const long = await pushed("firing", { name: wide, reason: wide }, { link, acknowledge: link, top: [wide, wide] });
    expect(PUBLISHED.push.parse(readPushed(long.bytes))).toMatchObject({ link, acknowledge: link });
    const longer = await pushed("firing", {}, { link: `${link}${"x".repeat(200)}` });
    expect(PUBLISHED.push.parse(readPushed(longer.bytes))).toMatchObject({
      link: "",
      acknowledge: expect.stringMatching(/^https/),
    });
  });

  it("that has nobody to arrive at any more turns the channel off", async () => {
    for (const status of [404, 410]) {
      Object.assign(service.answer, { status, body: "" });
      const told = await service.tell("push", CONFIG, aMessage("firing"));
      expect(told).toEqual({ result: "gone", told: `answered ${status}` });
    }
  });
});
