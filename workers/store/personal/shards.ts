import type { PersonalStore } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { beginErasureEpoch, emptyAllBefore, heldInEpoch, tellShards } from "../erasure-epoch.ts";
import { changeErasure, findErasure, subjectOf, uncountedErasures } from "../erasures.ts";
import { driveMove } from "../moves.ts";
import { findSite } from "../sites.ts";

/**
 * Everything of the site is taken over by fresh objects, but for the person, and the old ones are emptied. The objects do that by
 * themselves; whoever calls only begins it, looks whether it is done, and empties.
 */
export const shards: PersonalStore<Env> = {
  name: "shards",
  about: "events as they came, in the log and in segments; open sessions and live counters",
  async erase(env, { id }, subject) {
    const key = { siteId: id, id: subject.id };
    const [site, request] = [await findSite(env.DB, id), await findErasure(env.DB, key)];
    if (!site || !request) throw new Error(`there is no request ${subject.id} of a site ${id}`);
    const { knownTo } = request;
    if (knownTo === null) {
      await tellShards(env, site, request);
      return "unfinished";
    }
    if (knownTo === site.epoch) {
      if (site.nextShards === null) await beginErasureEpoch(env, site, Date.now());
      else await driveMove(env, site);
      return "unfinished";
    }
    // Of all that wait, since the objects are emptied for all of them.
    for (const one of await uncountedErasures(env.DB, id, site.epoch)) {
      const held = await heldInEpoch(env, site, { epoch: one.knownTo!, subject: subjectOf(one) });
      await changeErasure(env.DB, one, { held });
    }
    if (!(await emptyAllBefore(env, site, Date.now()))) return "unfinished";
    const { held } = (await findErasure(env.DB, key)) ?? request;
    return {
      store: this.name,
      removed: held ?? {},
      note: "copied to fresh objects without the person, and the old ones emptied; Cloudflare can wind objects back 30 days, after which nothing is left",
    };
  },
};
