// What must never be written down is nowhere: every byte of the state folder and every line printed is searched.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi, type SentEvent, type TestApi } from "../support/api.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { filesBelow, formsOf, sealedText, tracesOf } from "../support/traces.ts";

const SITE = "private.example";
/** Enough for a shard to seal its log. */
const HISTORY = 50_000;
const LINES = 2_000;

const KEPT_TITLE = "A title that is kept as it is";
const AGENT_MARK = "ProbeKestrel/7.31";
const agent = (mark: string) =>
  `Mozilla/5.0 (X11; Linux x86_64; ${mark}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.204 Safari/537.36`;
const AGENTS = [agent(AGENT_MARK), agent("ProbeMerlin/2.08"), agent("ProbeImported/4.4")] as const;
const ADDRESSES = ["203.0.113.77", "198.51.100.231", "2001:db8:85a3::8a2e:370:7334", "192.0.2.146"] as const;
const MAILS = [
  "jane.roe+single@mail.example.org",
  "max.muster@batch.example.net",
  "ann@line.example.com",
  "r.refused@mail.example.org",
] as const;
const NAMES = ["user-kestrel-7f3a", "user-merlin-0b1c", "browser-kestrel-91c2", "browser-merlin-55e0"] as const;
const VISITOR = `${ADDRESSES[3]} ${AGENTS[2]}`;
const COOKIE = "session-of-another-service-e41b";

/** Of the kinds that are found wherever they stand. */
const PERSONAL = [
  "4012-8888-8888-1881",
  "GB29NWBK60161331926819",
  "+4930771234567",
  "078-05-1123",
  "00:1a:2b:3c:4d:5e",
  "0x52908400098527886E0F7030069857D2E4169EE7",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJrZXN0cmVsIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r",
  `sk_${"live"}_51Kestrel9xQ2eZvKYlo2C0aB`,
] as const;
/** Of those that their key tells. */
const TOLD = { password: "hunter2-kestrel", first_name: "Kestrelina", user: { name: "Roe, K." } } as const;

const SECRETS = [
  ...PERSONAL,
  TOLD.password,
  TOLD.first_name,
  TOLD.user.name,
  ...ADDRESSES,
  ...AGENTS,
  AGENT_MARK,
  "ProbeMerlin/2.08",
  "ProbeImported/4.4",
  ...MAILS,
  ...NAMES,
  VISITOR,
  COOKIE,
];

let server: TestServer;
let api: TestApi;

beforeAll(async () => {
  server = await startTestServer({ trustProxy: true });
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
});
afterAll(() => server.discard());

const headersOf = (address: string, userAgent: string) => ({
  "x-forwarded-for": address,
  "user-agent": userAgent,
  cookie: `sid=${COOKIE}`,
});

/** An event with a mail address wherever an address on the web has room for one, and personal values at all other places. */
function telling(mail: string, fields: SentEvent = {}): SentEvent {
  const encoded = encodeURIComponent(mail);
  return {
    name: "pageview",
    url: `https://${SITE}/reset/${mail}/${PERSONAL[3]}/${encodeURIComponent(PERSONAL[7])}?email=${encoded}&utm_campaign=${encoded}&ref=${mail}#/users/${mail}`,
    referrer: `https://mail.example.net/inbox/${encoded}/${PERSONAL[5]}?to=${mail}&q=${encoded}`,
    title: `${KEPT_TITLE}, but ${ADDRESSES[0]} and ${PERSONAL[0]}`,
    props: {
      note: PERSONAL.join(" and "),
      list: [
        { text: `(${PERSONAL[2]})`, link: `https://a.example/?q=${encodeURIComponent(PERSONAL[2])}&m=${encoded}` },
      ],
      [PERSONAL[1]]: mail,
      ...TOLD,
    },
    ...fields,
  };
}

const identified = (user: string, browser: string, granted: boolean): SentEvent => ({
  userId: user,
  persistentId: browser,
  ...(granted && { consent: { analytics: true } }),
});

/** History in which every line names the same address and user agent, as an access log does; some have properties. */
function history(from: number): SentEvent[] {
  return Array.from({ length: LINES }, (_, i) => ({
    ...telling(MAILS[2], {
      title: `${KEPT_TITLE} ${(from + i) % 500}`,
      ...(i % 40 > 0 && { props: { plan: "team" } }),
    }),
    line: from + i,
    at: Date.now() - 40 * 86_400_000 + (from + i) * 1000,
    visitor: VISITOR,
    userAgent: AGENTS[2],
    ...identified(NAMES[0], NAMES[2], i % 2 === 0),
  }));
}

async function sendSingles(): Promise<void> {
  for (const granted of [true, false]) {
    const event = telling(MAILS[0], identified(NAMES[0], NAMES[2], granted));
    const { body } = await api.send({ site: SITE, ...event }, headersOf(ADDRESSES[0], AGENTS[0]));
    expect(body.accepted).toBe(1);
  }
  const event = telling(MAILS[0], { name: "signup", props: { plan: "team" } });
  const { body } = await api.send({ site: SITE, ...event }, headersOf(ADDRESSES[2], AGENTS[0]));
  expect(body.accepted).toBe(1);
}

async function sendBatch(): Promise<void> {
  const events = [true, false].map((granted) => telling(MAILS[1], identified(NAMES[1], NAMES[3], granted)));
  const { body } = await api.send({ site: SITE, events }, headersOf(`${ADDRESSES[3]}, ${ADDRESSES[1]}`, AGENTS[1]));
  expect(body.accepted).toBe(2);
}

/** Each is turned away for a reason of its own. */
async function sendRefused(): Promise<void> {
  const from = headersOf(ADDRESSES[1], AGENTS[1]);
  const event = { site: SITE, ...telling(MAILS[3]) };
  const answers = [
    await api.send(event, { ...from, dnt: "1" }),
    await api.send({ ...event, consent: { analytics: false } }, from),
    await api.send(event, { ...from, "user-agent": `${AGENT_MARK} Googlebot/2.1` }),
    await api.send({ ...event, at: "never" }, from),
    await api.send({ ...event, site: "unknown.example" }, from),
    await api.send(`{"site":"${SITE}","url":"${MAILS[3]}`, from),
  ];
  expect(answers.map(({ status, body }) => body.reasons ?? status)).toEqual([
    { do_not_track: 1 },
    { no_consent: 1 },
    { bot: 1 },
    expect.any(Number),
    404,
    400,
  ]);
}

async function importHistory(): Promise<void> {
  for (let from = 0; from < HISTORY; from += LINES) {
    const reply = await api.importLines(SITE, { id: "access-log", label: "history", bots: "keep" }, history(from));
    expect(reply.accepted).toBe(LINES);
  }
  await api.finishImport(SITE, "access-log");
}

describe("after addresses, user agents, mail addresses and names went through every door", () => {
  it("the log is sealed and D1 has its copy, so that all stores were written", async () => {
    await sendSingles();
    await sendBatch();
    await sendRefused();
    await importHistory();
    await expect
      .poll(async () => (await api.status(SITE)).shards[0]?.segments, { timeout: 60_000, interval: 200 })
      .toBeGreaterThan(0);
    await sendSingles();
    await sendBatch();
    await api.flush(SITE);
    const { events, shards } = await api.status(SITE);
    expect(events).toBe(HISTORY + 10);
    expect(shards[0]?.unflushed).toBe(0);
  });

  it("none of them is in a file of the running server", () => {
    const files = filesBelow(server.dataDir);
    expect(files.filter(({ name }) => name.endsWith("-wal")).length).toBeGreaterThan(0);
    expect(tracesOf([KEPT_TITLE], files)).not.toEqual([]);
    expect(tracesOf(SECRETS, files)).toEqual([]);
  });

  it("none is left after a stop, and none is in a sealed segment", async () => {
    await server.stop();
    expect(tracesOf(SECRETS, filesBelow(server.dataDir))).toEqual([]);
    const segments = sealedText(server.dataDir);
    expect(tracesOf([KEPT_TITLE], segments)).not.toEqual([]);
    expect(tracesOf(SECRETS, segments)).toEqual([]);
  });

  it("none was printed", () => {
    expect(tracesOf(SECRETS, [{ name: "output", bytes: Buffer.from(server.output()) }])).toEqual([]);
  });
});

describe("the search", () => {
  it.each(["", "a", "ab"])("finds a string that stands in base64 behind %j", (before) => {
    const hidden = Buffer.from(`${before}${ADDRESSES[0]} and more`).toString("base64");
    const found = tracesOf([ADDRESSES[0]], [{ name: "file", bytes: Buffer.from(hidden) }]);
    expect(found).toEqual([`file: ${ADDRESSES[0]} (base64, ${before.length} bytes in)`]);
  });

  it("finds a mail address in a query string, however it was encoded", () => {
    const [mail] = MAILS;
    for (const form of formsOf(mail).values()) {
      const bytes = Buffer.concat([Buffer.from("?email="), form, Buffer.from("&a=1")]);
      expect(tracesOf([mail], [{ name: "file", bytes }])).toHaveLength(1);
    }
  });
});
