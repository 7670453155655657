import { DurableObject } from "cloudflare:workers";
import type { Act, AuditCheck, AuditHead } from "../../workers/domain/audit.ts";
import type { Env } from "../../workers/env.ts";
import { isWhole, linked, NO_LINK } from "../../workers/store/audit-link.ts";
import { freePlace, lastLinks, putLinks } from "../../workers/store/audit-links.ts";
import { auditKey } from "../../workers/store/secrets.ts";
import type { AuditTrailRpc, CheckProgress } from "./protocol.ts";
import { createRefusalCount } from "./refusals.ts";

/** Acts of one statement. */
const MOST_AT_ONCE = 50;
/** Places that may be found taken by what is not ours before an act is given up. */
const MOST_TRIES = 10;
/** Looked through for the last link that is ours, where more stands in the table than is known here. */
const LOOK_BACK = 50;

interface Waiting {
  act: Act;
  done(seq: number): void;
  failed(error: unknown): void;
}

/** The one writer of the audit trail. It keeps the last link outside the database, so that a cut end is found. */
export class AuditTrail extends DurableObject<Env> implements AuditTrailRpc {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private readonly refusals = createRefusalCount();

  async append(act: Act): Promise<number | null> {
    const counted = act.outcome === "refused" ? this.refusals.count(act, Date.now()) : act;
    if (!counted) return null;
    return new Promise((done, failed) => {
      this.waiting.push({ act: counted, done, failed });
      this.writing ??= this.writeAll().finally(() => {
        this.writing = null;
      });
    });
  }

  async head(): Promise<AuditHead> {
    return this.ctx.storage.kv.get<AuditHead>("head") ?? { seq: 0, hash: NO_LINK, at: 0 };
  }

  async checks(): Promise<{ under: CheckProgress | null; last: AuditCheck | null }> {
    const { kv } = this.ctx.storage;
    return { under: kv.get<CheckProgress>("under") ?? null, last: kv.get<AuditCheck>("last") ?? null };
  }

  async noteCheck(under: CheckProgress | null, last: AuditCheck | null): Promise<void> {
    const { kv } = this.ctx.storage;
    if (under) kv.put("under", under);
    else kv.delete("under");
    if (last) kv.put("last", last);
  }

  /** Those who come while others are written go together with the next. */
  private async writeAll(): Promise<void> {
    for (;;) {
      const some = this.waiting.splice(0, MOST_AT_ONCE);
      if (some.length === 0) return;
      try {
        const first = await this.write(some.map(({ act }) => act));
        for (const [index, { done }] of some.entries()) done(first + index);
      } catch (error) {
        for (const { failed } of some) failed(error);
      }
    }
  }

  private async write(acts: readonly Act[]): Promise<number> {
    const { DB } = this.env;
    const key = await auditKey(this.env);
    let head = await this.head();
    let seq = head.seq + 1;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const at = Math.max(Date.now(), head.at);
      const links = linked(key, acts, { seq, previous: head.hash, at });
      if (await putLinks(DB, links)) {
        const last = links.at(-1)!;
        this.ctx.storage.kv.put<AuditHead>("head", { seq: last.seq, hash: last.hash, at });
        return seq;
      }
      // Written before this object came to note it, or by somebody else: what the key did not seal is passed by.
      const ours = (await lastLinks(DB, head.seq, LOOK_BACK)).find((link) => isWhole(key, link));
      if (ours) head = { seq: ours.seq, hash: ours.hash, at: ours.at };
      seq = await freePlace(DB, head.seq);
    }
    throw new Error("the audit trail found no free place; verify it");
  }
}
