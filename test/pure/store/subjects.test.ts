import { describe, expect, it } from "vitest";
import { packEvent, unpackEvent } from "../../../workers/domain/event.ts";
import type { Identity, Subject, WantedIdentities } from "../../../workers/domain/subject.ts";
import { createEventEditor } from "../../../workers/store/subjects/edit-events.ts";
import { createNameEraser, isTelling, nameHashes } from "../../../workers/store/subjects/names.ts";
import { resolveSubject } from "../../../workers/store/subjects/resolve-subject.ts";
import { createSeal } from "../../../workers/store/subjects/seal-ids.ts";
import { unnamedRollup } from "../../../workers/store/subjects/unnamed-rollup.ts";
import { anEvent } from "../../support/events.ts";

const KEY = { identityKey: new Uint8Array(32).fill(7), siteId: "example.com" };
const subjectOf = (part: Partial<Subject>): Subject => ({
  ...{ id: "1", userId: "", persistentIds: [], visitorIds: [], names: [] },
  ...part,
});

describe("a name", () => {
  const erase = createNameEraser([{ names: nameHashes(["Jane.Roe@example.com", "C-10293"], KEY) }], KEY);

  it.each([
    "jane.roe@example.com",
    "JANE.ROE@EXAMPLE.COM",
    "/people/jane.roe%40example.com/edit",
    "for c-10293, soon",
    "https://example.com/?customer=C-10293&a=1",
  ])("is found in %s", (text) => expect(erase(text)).toBe("(erased)"));

  it.each(["", "c-102930", "mary.jane.roe@example.com", "10293", "/pricing", "100%"])("is not found in %j", (text) =>
    expect(erase(text)).toBe(text),
  );

  it("is kept as a hash that is another for another site", () => {
    const [hash = ""] = nameHashes(["C-10293"], KEY);
    expect(hash).toMatch(/^7:[0-9a-f]{32}$/);
    expect(nameHashes(["C-10293"], { ...KEY, siteId: "other" })).not.toContain(hash);
  });

  it("may be a user id that is not anybody's number", () => {
    expect(["ada@example.com", "user-17", "17", "123456789", "ada"].map(isTelling)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

/** [user, browser, visitor] of events. */
type Row = [string, string, string];

const asking =
  (rows: readonly Row[]) =>
  async ({ userIds, persistentIds, visitorIds }: WantedIdentities): Promise<Identity[]> =>
    rows
      .filter(
        ([user, browser, visitor]) =>
          userIds.includes(user) || persistentIds.includes(browser) || visitorIds.includes(visitor),
      )
      .map(([userId, persistentId, visitorId]) => ({ userId, persistentId, visitorId }));

describe("whose browsers and visitors are", () => {
  it.each<[string, Row[], { persistentIds: string[]; visitorIds: string[] }]>([
    [
      "theirs alone",
      [
        ["ada", "p1", "v1"],
        ["", "p1", "v2"],
        ["", "", "v2"],
      ],
      { persistentIds: ["p1"], visitorIds: ["v1", "v2"] },
    ],
    [
      "shared with another user",
      [
        ["ada", "p1", "v1"],
        ["bob", "p1", "v2"],
      ],
      { persistentIds: [], visitorIds: [] },
    ],
    [
      "an address shared with another user",
      [
        ["ada", "", "v1"],
        ["bob", "", "v1"],
      ],
      { persistentIds: [], visitorIds: [] },
    ],
    [
      "an address shared with another browser",
      [
        ["ada", "p1", "v1"],
        ["", "p2", "v1"],
      ],
      { persistentIds: ["p1"], visitorIds: [] },
    ],
    ["unknown", [["bob", "p1", "v1"]], { persistentIds: [], visitorIds: [] }],
  ])("%s", async (_, rows, found) => {
    expect(await resolveSubject({ userId: "ada", persistentIds: [] }, asking(rows))).toMatchObject(found);
  });

  it("a browser's, whoever was signed in there", async () => {
    const rows: Row[] = [
      ["ada", "p1", "v1"],
      ["bob", "p1", "v2"],
      ["", "", "v1"],
      ["bob", "", "v2"],
    ];
    const found = await resolveSubject({ userId: "", persistentIds: ["p1"] }, asking(rows));
    expect(found).toMatchObject({ persistentIds: ["p1"], visitorIds: ["v1"] });
  });
});

describe("events that are edited", () => {
  const events = [
    anEvent({ userId: "a".repeat(16), visitorId: "1".repeat(16) }),
    anEvent({
      userId: "b".repeat(16),
      visitorId: "1".repeat(16),
      props: { to: ["Jane.Roe@example.com", 3], plan: "pro" },
    }),
    anEvent({ visitorId: "2".repeat(16) }),
    anEvent({ visitorId: "3".repeat(16) }),
  ].map(packEvent);
  const plain = subjectOf({
    userId: "a".repeat(16),
    visitorIds: ["2".repeat(16)],
    names: nameHashes(["jane.roe@example.com"], KEY),
  });
  const left = (subject: Subject) => createEventEditor([subject], KEY).edit(events).map(unpackEvent);

  it("lack the person, and the name in those of others", () => {
    expect(left(plain).map(({ visitorId, props }) => [visitorId[0], props])).toEqual([
      ["1", { to: ["(erased)", 3], plan: "pro" }],
      ["3", events[3] && unpackEvent(events[3]).props],
    ]);
  });

  it("are the same when only sealed ids are known", () => {
    const seal = createSeal(KEY);
    const sealed = { ...plain, userId: seal(plain.userId), visitorIds: plain.visitorIds.map(seal), sealed: true };
    expect(left(sealed)).toEqual(left(plain));
    expect(JSON.stringify(sealed)).not.toContain("aaaa");
  });
});

describe("a roll-up's text", () => {
  const erase = (text: string) => (text.startsWith("/people/") ? "(erased)" : text);

  it("has one row for all that reads (erased)", () => {
    const rows = [
      [["/"], [1, 2], 0, 0],
      [["/people/1"], [1, 2], { 1: 1 }, { EUR: 2 }],
      [["/people/2"], [3, 4], 0, { EUR: 1, USD: 5 }],
    ];
    expect(JSON.parse(unnamedRollup(JSON.stringify({ measures: ["a", "b"], lasting: 0, rows }), erase) ?? "")).toEqual({
      measures: ["a", "b"],
      lasting: 0,
      rows: [
        [["/"], [1, 2], 0, 0],
        [["(erased)"], [4, 6], { 1: 1 }, { EUR: 3, USD: 5 }],
      ],
    });
  });

  it("is left alone when it names nobody", () => {
    expect(unnamedRollup(JSON.stringify({ rows: [[["/"], [1], 0, 0]] }), erase)).toBeNull();
  });
});
