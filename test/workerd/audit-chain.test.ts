// The audit trail as a chain: whatever somebody does to its rows past the product is found, and the row is named.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AuditLink, jobAct } from "../../workers/domain/audit.ts";
import { appendAudit, type CheckedSlice, checkAudit, goOnChecking, lastAuditCheck } from "../../workers/store/audit.ts";
import { linkHash } from "../../workers/store/audit-link.ts";
import { linksAfter, putLinks } from "../../workers/store/audit-links.ts";
import { auditTrail } from "../../workers/store/objects.ts";

const LENGTH = 12;
const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
const anAct = (name: string) =>
  jobAct("test", { action: "job.test", summary: name, before: '{"a":1}', after: '{"a":2}' });
const rows = (): Promise<AuditLink[]> => linksAfter(env.DB, -1e9, 1e6);

/** `changed 3`, `missing 4-5`. */
const told = ({ faults }: Pick<CheckedSlice, "faults">): string[] =>
  faults.map(({ kind, seq, through }) => `${kind} ${seq}${through > seq ? `-${through}` : ""}`);
const check = async (): Promise<string[]> => told(await checkAudit(env, 0, 1e6));

async function put(some: readonly AuditLink[]): Promise<void> {
  await run("delete from audit");
  expect(await putLinks(env.DB, some)).toBe(true);
}

let whole: AuditLink[];

beforeAll(async () => {
  await run("drop trigger audit_unchanged");
  await run("drop trigger audit_unremoved");
  for (let i = 1; i <= LENGTH; i++) await appendAudit(env, anAct(`act ${i}`));
  whole = await rows();
});

beforeEach(async () => {
  await put(whole);
  const { hash, at } = whole.at(-1)!;
  await runInDurableObject(auditTrail(env), (_, state) => state.storage.kv.put("head", { seq: LENGTH, hash, at }));
});

describe("the chain", () => {
  it("is whole as it was written", async () => {
    expect(whole.map(({ seq }) => seq)).toEqual(Array.from({ length: LENGTH }, (_, i) => i + 1));
    expect(await check()).toEqual([]);
  });

  it("tells of a change in any column", async () => {
    const columns = Object.keys((await env.DB.prepare("select * from audit limit 1").first())!).filter(
      (c) => c !== "seq",
    );
    expect(columns).toHaveLength(15);
    for (const column of columns) {
      await put(whole);
      await run(
        `update audit set ${column} = case when typeof(${column}) = 'integer' then ${column} + 1 else 'x' end where seq = 5`,
      );
      expect([column, (await check())[0]]).toEqual([column, "changed 5"]);
    }
  });

  it.each([
    ["the first", [1], "missing 1"],
    ["one in the middle", [6], "missing 6"],
    ["some in the middle", [6, 7, 8], "missing 6-8"],
    ["the last", [LENGTH], `missing ${LENGTH}`],
    ["all", Array.from({ length: LENGTH }, (_, i) => i + 1), `missing 1-${LENGTH}`],
  ])("tells that %s was removed", async (_, gone, fault) => {
    await put(whole.filter(({ seq }) => !gone.includes(seq)));
    expect(await check()).toEqual([fault]);
  });

  it("tells of two that were swapped", async () => {
    await put(whole.map((link) => ({ ...link, seq: link.seq === 4 ? 7 : link.seq === 7 ? 4 : link.seq })));
    expect(await check()).toEqual(["changed 4", "changed 7"]);
  });

  it("tells of a gap that was closed by counting anew", async () => {
    await put(
      whole.filter(({ seq }) => seq !== 6).map((link) => ({ ...link, seq: link.seq > 6 ? link.seq - 1 : link.seq })),
    );
    const faults = await check();
    expect(faults[0]).toBe("changed 6");
    expect(faults.at(-1)).toBe(`missing ${LENGTH}`);
  });

  it.each([
    ["with an old hash", async (link: AuditLink) => ({ ...link, summary: "mine" })],
    ["with a hash made anew without the key", async (link: AuditLink) => ({ ...link, hash: await plainHash(link) })],
    ["with a hash by another key", async (link: AuditLink) => ({ ...link, hash: linkHash(new Uint8Array(32), link) })],
    ["by a row of before", async (link: AuditLink) => ({ ...whole[3]!, seq: link.seq })],
  ])("tells of an append %s", async (_, forge) => {
    const { hash } = whole.at(-1)!;
    await put([...whole, await forge({ ...whole.at(-1)!, seq: LENGTH + 1, previous: hash })]);
    expect(await check()).toEqual([`changed ${LENGTH + 1}`]);
  });

  it("tells of a row before the first", async () => {
    await put([{ ...whole[0]!, seq: -3 }, ...whole]);
    expect(await check()).toEqual(["changed -3"]);
  });

  it("goes on behind a row that somebody else put there, which stays told", async () => {
    await put([...whole, { ...whole[0]!, seq: LENGTH + 1 }]);
    await appendAudit(env, anAct("after"));
    expect((await rows()).at(-1)).toMatchObject({ seq: LENGTH + 2, summary: "after" });
    expect(await check()).toEqual([`changed ${LENGTH + 1}`]);
  });

  it("takes over what was written before its writer could note it", async () => {
    const { seq, hash, at } = whole[LENGTH - 3]!;
    await runInDurableObject(auditTrail(env), (_, state) => state.storage.kv.put("head", { seq, hash, at }));
    await appendAudit(env, anAct("after"));
    expect(await check()).toEqual([]);
    expect((await rows()).at(-1)).toMatchObject({ seq: LENGTH + 1, summary: "after", previous: whole.at(-1)!.hash });
  });

  it("tells that the database was wound back, at once and when the trail went on", async () => {
    await put(whole.slice(0, 8));
    const cut = await checkAudit(env, 0, 1e6);
    expect(told(cut)).toEqual(["missing 9-12"]);
    expect(cut.faults[0]!.detail).toContain("restored from before they were written");
    await appendAudit(env, anAct("after"));
    expect(await check()).toEqual(["missing 9-12"]);
  });

  it("finds whatever is done to it at random", async () => {
    const at = fc.nat(LENGTH - 1);
    const edit = fc.record({ kind: fc.constant("edit"), at, by: fc.string({ minLength: 1, maxLength: 5 }), to: at });
    const move = fc.record({ kind: fc.constantFrom("remove", "swap", "replay"), at, by: fc.constant(""), to: at });
    const tamper = fc.oneof(edit, move);
    await fc.assert(
      fc.asyncProperty(fc.array(tamper, { minLength: 1, maxLength: 3 }), async (tampers) => {
        const links = whole.map((link) => ({ ...link }));
        for (const { kind, at: from, by, to } of tampers) {
          const [one, other] = [links[from], links[to]];
          if (!one || !other) continue;
          if (kind === "edit") one.target += by.replaceAll("\0", "0").toWellFormed();
          else if (kind === "remove") links.splice(from, 1);
          else if (kind === "swap") [one.seq, other.seq] = [other.seq, one.seq];
          else Object.assign(one, { ...other, seq: one.seq });
        }
        const touched = JSON.stringify(links.toSorted((a, b) => a.seq - b.seq)) !== JSON.stringify(whole);
        await put(links);
        const faults = await check();
        expect(faults.length > 0).toBe(touched);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the trail", () => {
  it("is one chain without gaps however many write at once", async () => {
    await Promise.all(Array.from({ length: 120 }, (_, i) => appendAudit(env, anAct(`at once ${i}`))));
    const all = await rows();
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: LENGTH + 120 }, (_, i) => i + 1));
    expect(new Set(all.map(({ summary }) => summary)).size).toBe(LENGTH + 120);
    expect(await check()).toEqual([]);
  });

  it("keeps texts that a database would cut as it sealed them", async () => {
    await appendAudit(env, jobAct("test", { action: "a\0b", summary: "\ud800 x", target: "é".repeat(5_000) }));
    expect(await check()).toEqual([]);
  });

  it("is checked some at a time, from where the last look ended, and a fault is kept to the end", async () => {
    await run("update audit set target = 'x' where seq = 2");
    expect(await goOnChecking(env, { now: 1, most: 5 })).toBeNull();
    expect(await goOnChecking(env, { now: 2, most: 5 })).toBeNull();
    const done = await goOnChecking(env, { now: 3, most: 5 });
    expect(done).toMatchObject({ startedAt: 1, finishedAt: 3, links: LENGTH });
    expect(told(done!)).toEqual(["changed 2"]);
    expect(await lastAuditCheck(env)).toEqual(done);
  });
});

async function plainHash(link: AuditLink): Promise<string> {
  const { hash: _, ...rest } = link;
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(rest)));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
