// A thousand users with a history, some of them here again today, each with a value of their own that nobody else has.
import type { SentEvent, TestApi } from "./api.ts";

const DAY_MS = 86_400_000;
const USERS = 1_000;
export const EVENTS_EACH = 8;
/** Of older days, for an archive. */
export const OLD_EVENTS_EACH = 4;
const LINES = 2_000;

export interface KnownUser {
  number: number;
  userId: string;
  browser: string;
  address: string;
  /** A property of theirs alone, and a customer number that others tell of too. */
  own: string;
  customer: string;
}

export const userOf = (number: number): KnownUser => ({
  number,
  userId: `person-${number}.kestrel.people`,
  browser: `browser-${number}-merlin`,
  address: `203.0.${Math.floor(number / 250)}.${(number % 250) + 1}`,
  own: `voucher-${number}-osprey`,
  customer: `customer-${number}-harrier`,
});

export const USER_NUMBERS = Array.from({ length: USERS }, (_, number) => number);

const ofUser = ({ number, userId, browser, own }: KnownUser, step: number): SentEvent => ({
  name: step % 4 === 3 ? "signup" : "pageview",
  url: `https://shop.example/p${(number + step) % 12}?utm_source=s${number % 3}`,
  userId,
  persistentId: browser,
  consent: { analytics: true, experience: true, marketing: true },
  props: { own, plan: number % 2 ? "pro" : "free", who: String(number) },
  ...(step % 4 === 3 && { revenue: { amount: number % 50, currency: "EUR" } }),
});

/** Four sittings on as many days, which are over. */
function* historyOf(numbers: readonly number[], today: number): Generator<SentEvent> {
  for (const number of numbers) {
    for (let step = 0; step < EVENTS_EACH; step++) {
      const sitting = step % 4;
      const at = today - (5 - sitting) * DAY_MS + (number % 20) * 3600_000 + step * 20_000 + number;
      const line = number * EVENTS_EACH + step;
      yield { ...ofUser(userOf(number), step), line, at, visitor: `visitor ${number} on ${sitting}` };
    }
  }
}

/** An event on each of four days, the last of them nine days ago. */
function* olderHistoryOf(numbers: readonly number[], today: number): Generator<SentEvent> {
  for (const number of numbers) {
    for (let step = 0; step < OLD_EVENTS_EACH; step++) {
      const at = today - (12 - step) * DAY_MS + (number % 20) * 3600_000 + number;
      const line = number * OLD_EVENTS_EACH + step;
      yield { ...ofUser(userOf(number), step), line, at, visitor: `visitor ${number} long ago, on ${step}` };
    }
  }
}

export const importUsers = (api: TestApi, siteId: string, numbers: readonly number[]): Promise<number> =>
  importHistory(api, siteId, { id: "users-of-before", events: historyOf(numbers, today()) });

export const importOlderUsers = (api: TestApi, siteId: string, numbers: readonly number[]): Promise<number> =>
  importHistory(api, siteId, { id: "users-of-long-ago", events: olderHistoryOf(numbers, today()) });

const today = (): number => Math.floor(Date.now() / DAY_MS) * DAY_MS;

async function importHistory(
  api: TestApi,
  siteId: string,
  { id, events }: { id: string; events: Iterable<SentEvent> },
): Promise<number> {
  let part: SentEvent[] = [];
  let taken = 0;
  const send = async () => {
    const reply = await api.importLines(siteId, { id, label: "users", bots: "keep" }, part);
    taken += reply.accepted;
    part = [];
  };
  for (const event of events) if (part.push(event) === LINES) await send();
  if (part.length > 0) await send();
  await api.finishImport(siteId, id);
  return taken;
}

/** They are here now: three events each, of which one has no user. */
export async function sendUsers(api: TestApi, siteId: string, numbers: readonly number[]): Promise<number> {
  let taken = 0;
  for (const number of numbers) {
    const user = userOf(number);
    const events = [0, 1, 2].map((step) => {
      const { userId, ...nameless } = ofUser(user, step);
      return { site: siteId, ...(step === 2 ? nameless : { ...nameless, userId }) };
    });
    const { body } = await api.send(events, { "x-forwarded-for": user.address });
    taken += body.accepted;
  }
  return taken;
}

/** Somebody else tells of them. */
export async function tellOf(api: TestApi, siteId: string, about: readonly Pick<KnownUser, "userId" | "customer">[]) {
  const events = about.map(({ userId, customer }) => ({
    site: siteId,
    name: "message_sent",
    url: "https://shop.example/letters",
    userId: "the-officer",
    consent: { analytics: true },
    props: { to: userId, note: `for ${customer}, soon`, who: "officer" },
  }));
  await api.send(events, { "x-forwarded-for": "198.51.100.7" });
}
