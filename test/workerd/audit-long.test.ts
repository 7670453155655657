// A trail of a hundred thousand acts is verified some at a time, by the door and by the job, and the one that was changed is
// found.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { type AuditFault, jobAct } from "../../workers/domain/audit.ts";
import { verifyAudit } from "../../workers/jobs/verify-audit.ts";
import { appendAudit, lastAuditCheck } from "../../workers/store/audit.ts";
import { linked, NO_LINK } from "../../workers/store/audit-link.ts";
import { putLinks } from "../../workers/store/audit-links.ts";
import { auditKey } from "../../workers/store/secrets.ts";
import { ok } from "./worker.ts";

const LENGTH = 100_000;
const AT_ONCE = 2_000;
const CHANGED = 77_777;

interface Slice {
  next: number | null;
  links: number;
  faults: AuditFault[];
}

beforeAll(async () => {
  const key = await auditKey(env);
  const before = JSON.stringify({ name: "before", hostnames: ["example.com"] });
  const after = JSON.stringify({ name: "after", hostnames: ["example.com", "www.example.com"] });
  let previous = NO_LINK;
  for (let seq = 1; seq <= LENGTH; seq += AT_ONCE) {
    const acts = Array.from({ length: AT_ONCE }, (_, i) =>
      jobAct("test", {
        action: "job.test",
        summary: `act ${seq + i}`,
        target: "/api/v1/sites/example.com",
        before,
        after,
      }),
    );
    const links = linked(key, acts, { seq, previous, at: 1_795_000_000_000 + seq });
    previous = links.at(-1)!.hash;
    expect(await putLinks(env.DB, links)).toBe(true);
  }
  // The first that is written tells the trail where it ends.
  await appendAudit(env, jobAct("test", { action: "job.test", summary: "the last" }));
}, 120_000);

async function verify(): Promise<{ slices: number; links: number; faults: AuditFault[] }> {
  const all = { slices: 0, links: 0, faults: [] as AuditFault[] };
  for (let after: number | null = 0; after !== null; all.slices++) {
    const slice: Slice = await ok("GET", `/api/v1/teams/main/audit/verify?after=${after}`);
    all.links += slice.links;
    all.faults.push(...slice.faults);
    after = slice.next;
  }
  return all;
}

it("is verified in slices", { timeout: 120_000 }, async () => {
  expect(await verify()).toEqual({ slices: 6, links: LENGTH + 1, faults: [] });
  await env.DB.exec("drop trigger audit_unchanged");
  await env.DB.prepare("update audit set after = '{}' where seq = ?1").bind(CHANGED).run();
  expect((await verify()).faults).toMatchObject([{ kind: "changed", seq: CHANGED }]);
  let runs = 0;
  while (!(await lastAuditCheck(env)) && runs < 10) await verifyAudit.run(env, Date.now() + runs++);
  expect(runs).toBe(3);
  expect(await lastAuditCheck(env)).toMatchObject({ links: LENGTH + 1, faults: [{ kind: "changed", seq: CHANGED }] });
});
