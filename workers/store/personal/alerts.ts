import type { SiteId } from "../../domain/site.ts";
import type { PersonalStore, Subject } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { forgetCharts } from "../alert-links.ts";
import { takeAlertRun } from "../alert-runs.ts";
import { type HeldText, overwriteRow } from "../overwrite-row.ts";
import { identityKey } from "../secrets.ts";
import { createNameEraser } from "../subjects/names.ts";
import { type EraseText, unnamedAlert } from "../subjects/unnamed-alert.ts";

const ROWS_AT_ONCE = 200;

const inJson = (text: string, erase: EraseText): string => {
  const before: unknown = JSON.parse(text);
  const left = JSON.stringify(unnamedAlert(before, erase));
  return left === JSON.stringify(before) ? text : left;
};
const asText = (text: string, erase: EraseText): string => erase(text);

/** Which columns have texts, and how these are read. */
const HELD = [
  { table: "alert_rules", column: "body", unnamed: inJson },
  { table: "alert_rules", column: "state", unnamed: inJson },
  { table: "incidents", column: "body", unnamed: inJson },
  { table: "incident_entries", column: "text", unnamed: asText },
  { table: "notices", column: "message", unnamed: inJson },
  { table: "notices", column: "told", unnamed: asText },
  { table: "notices", column: "attempts", unnamed: inJson },
] as const;

type Held = (typeof HELD)[number];

async function* textsOf(db: D1Database, { table, column }: Held, siteId: string): AsyncGenerator<HeldText> {
  for (let after = 0; ; ) {
    const { results } = await db
      .prepare(
        `select rowid, ${column} as body from ${table}
         where site_id = ?1 and rowid > ?2 and ${column} is not null order by rowid limit ?3`,
      )
      .bind(siteId, after, ROWS_AT_ONCE)
      .all<HeldText>();
    yield* results;
    if (results.length < ROWS_AT_ONCE) return;
    after = results.at(-1)?.rowid ?? after;
  }
}

/** How many texts named the person, those included that somebody else changed meanwhile. */
async function eraseOnce(db: D1Database, siteId: string, erase: EraseText): Promise<number> {
  let named = 0;
  for (const held of HELD) {
    for await (const row of textsOf(db, held, siteId)) {
      const body = held.unnamed(row.body, erase);
      if (body === row.body) continue;
      await overwriteRow(db, held.table, { ...row, column: held.column }, { body });
      named++;
    }
  }
  return named;
}

interface Erased {
  texts: number;
  charts: number;
}

async function eraseNames(env: Env, siteId: SiteId, { names }: Subject): Promise<Erased> {
  if (names.length === 0) return { texts: 0, charts: 0 };
  const erase = createNameEraser([{ names }], { identityKey: await identityKey(env), siteId });
  let texts = 0;
  // A run that read the rules before would write them back as they were: it is turned away, and what it wrote until then is
  // looked through once more.
  for (let named = Number.POSITIVE_INFINITY; named > 0; ) {
    named = await eraseOnce(env.DB, siteId, erase);
    if (named > 0) await takeAlertRun(env.DB, siteId);
    texts += named;
  }
  return { texts, charts: await forgetCharts(env, siteId, (title) => erase(title) !== title) };
}

export const alerts: PersonalStore<Env> = {
  name: "alerts",
  about: "rules, incidents and what was told of them; a value that a rule was split by, or a note, may name the person",
  async erase(env, site, subject) {
    return {
      store: this.name,
      removed: { ...(await eraseNames(env, site.id, subject)) },
      note: "texts that named the person read (erased), and links to charts that did lead nowhere; messages that were sent are with whoever got them",
    };
  },
};
