import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createDevice } from "./device.ts";
import { claimOwner, cookiesOf, join, post, type SignedIn } from "./people.ts";
import { call, ORIGIN, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;

beforeAll(async () => {
  await claimOwner();
});
afterEach(() => {
  vi.useRealTimers();
});

const as = <Body = unknown>({ headers }: SignedIn, method: string, path: string, body: unknown = {}) =>
  call<Body>(method, path, { token: "", headers, ...(method !== "GET" && { body }) });

const challengeAt = async (path: string, headers = {}) => {
  const { challenge } = (await post<{ challenge: string }>(`${path}/challenge`, {}, headers)).body;
  return { challenge, origin: ORIGIN };
};
const ownChallenge = ({ headers }: SignedIn) => challengeAt("/api/v1/me/passkeys", headers);
const entryChallenge = () => challengeAt("/api/v1/session/passkey");
const enter = (proof: object) => post("/api/v1/session/passkey", proof);

async function memberWithDevice() {
  const [member, device] = [await join("main", "viewer"), await createDevice()];
  const added = await as(member, "POST", "/api/v1/me/passkeys", await device.made(await ownChallenge(member)));
  expect(added).toMatchObject({ status: 204 });
  return { member, device };
}

describe("a passkey", () => {
  it("signs its owner in, once for each signature, also when it is sent twice at once", async () => {
    const { member, device } = await memberWithDevice();
    const proof = await device.signed(await entryChallenge());
    const answers = await Promise.all([enter(proof), enter(proof), enter(proof)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 401, 401]);
    const session = { email: "", headers: cookiesOf(answers.find(({ status }) => status === 204)!) };
    expect((await as(session, "GET", "/api/v1/me")).body).toMatchObject({ email: member.email });
    expect((await as(member, "GET", "/api/v1/me/passkeys")).body).toMatchObject({
      passkeys: [{ label: "A device", lastUsedAt: expect.any(Number) }],
    });
    expect((await enter(await device.signed(await entryChallenge()))).status).toBe(204);
  });

  it("opens nothing with a challenge that is over, another's or not ours, for another origin, or with the lock closed", async () => {
    const { member, device } = await memberWithDevice();
    const foreign = { ...(await entryChallenge()), origin: "https://evil.test" };
    const closed = { ...(await entryChallenge()), verified: false };
    const made = { challenge: btoa("a.b.c").replaceAll("=", ""), origin: ORIGIN };
    for (const asked of [foreign, closed, made, await ownChallenge(member)]) {
      expect([asked, (await enter(await device.signed(asked))).status]).toEqual([asked, 401]);
    }
    const late = await device.signed(await entryChallenge());
    setClock(Date.now() + 6 * MINUTE_MS);
    expect((await enter(late)).status).toBe(401);
    const stranger = await createDevice();
    expect((await enter(await stranger.signed(await entryChallenge()))).status).toBe(401);
  });

  it("is made with one's own challenge alone, and once", async () => {
    const { member, device } = await memberWithDevice();
    const other = await join("main", "viewer");
    const add = async (asked: { challenge: string; origin: string }, own = createDevice()) =>
      (await as(other, "POST", "/api/v1/me/passkeys", await (await own).made(asked))).status;
    expect(await add(await ownChallenge(member))).toBe(400);
    expect(await add(await entryChallenge())).toBe(400);
    expect(await add(await ownChallenge(other), Promise.resolve(device))).toBe(400);
    const own = await ownChallenge(other);
    expect([await add(own), await add(own)]).toEqual([204, 400]);
  });

  it("is gone when its owner removes it, or their account", async () => {
    const [kept, left] = [await memberWithDevice(), await memberWithDevice()];
    const { id } = await kept.device.signed(await entryChallenge());
    expect((await as(left.member, "DELETE", `/api/v1/me/passkeys/${id}`)).status).toBe(404);
    expect((await as(kept.member, "DELETE", `/api/v1/me/passkeys/${id}`)).status).toBe(204);
    expect((await as(left.member, "DELETE", "/api/v1/me", { email: left.member.email })).status).toBe(204);
    for (const { device } of [kept, left]) {
      expect((await enter(await device.signed(await entryChallenge()))).status).toBe(401);
    }
  });
});
