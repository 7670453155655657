import type { PersonalStore, Subject } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { noteRollUps } from "../erasure-epoch.ts";
import { overwriteRow } from "../overwrite-row.ts";
import { type RollupText, rollupTextsAfter } from "../rollup-texts.ts";
import { identityKey } from "../secrets.ts";
import { findSite } from "../sites.ts";
import { createNameEraser } from "../subjects/names.ts";
import { unnamedRollup } from "../subjects/unnamed-rollup.ts";

async function eraseNames(env: Env, siteId: string, { names }: Subject): Promise<number> {
  if (names.length === 0) return 0;
  const erase = createNameEraser([{ names }], { identityKey: await identityKey(env), siteId });
  let changed = 0;
  let after: RollupText | null = null;
  for (;;) {
    const rows = await rollupTextsAfter(env.DB, siteId, after);
    for (const row of rows) {
      const body = unnamedRollup(row.body, erase);
      if (body !== null && (await overwriteRow(env.DB, "rollups", row, { body }))) changed++;
      after = row;
    }
    if (rows.length === 0) return changed;
  }
}

export const rollUps: PersonalStore<Env> = {
  name: "rollUps",
  about: "finished counts by hour, day and month, without ids; a page's address or a source's name may name the person",
  async erase(env, site, subject) {
    const rows = await eraseNames(env, site.id, subject);
    const now = await findSite(env.DB, site.id);
    if (rows > 0 && now) await noteRollUps(env, now);
    return {
      store: this.name,
      removed: { rows },
      note: "counts hold no ids and stay as they were; texts that named the person read (erased)",
    };
  },
};
