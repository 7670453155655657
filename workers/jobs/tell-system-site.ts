import { packEvent } from "../domain/event.ts";
import { HOUR_MS } from "../domain/measures.ts";
import type { SiteId } from "../domain/site.ts";
import { SYSTEM_SITE, systemEvents } from "../domain/system-events.ts";
import { siteShard } from "../store/objects.ts";
import { routeOf } from "../store/shard-routes.ts";
import { findSite } from "../store/sites.ts";
import { finishedHours } from "../store/system/measure-rows.ts";
import type { Job } from "./index.ts";

/** Hours that a run tells; what it told before is known by its ids. */
const HOURS_A_RUN = 3;

/** The system's own figures as events of the site `edgewise-system`, where somebody made that; nowhere else. */
export const tellSystemSite: Job = {
  name: "tellSystemSite",
  cron: "7 * * * *",
  async run(env, now) {
    const site = await findSite(env.DB, SYSTEM_SITE as SiteId); // written as ids are
    // While visitors move it waits: three hours later each hour has had its turn.
    if (site?.nextShards !== null) return;
    const hours = await finishedHours(env.DB, now - (now % HOUR_MS) - HOURS_A_RUN * HOUR_MS);
    const events = hours.flatMap(({ start, measured }) => systemEvents(start, measured, now));
    const [first] = events;
    if (!first) return;
    const { epoch, shard, shards } = routeOf(site, first.visitorId);
    const { timeZone, jurisdiction } = site;
    const statuses = await siteShard(env, { ...site, epoch }, shard).append({
      of: { siteId: site.id, shard, shards, epoch, timeZone, jurisdiction },
      items: events.map((event) => ({ packed: JSON.stringify(packEvent(event)) })),
    });
    if (!Array.isArray(statuses)) throw new Error("the shard of the system's own site was busy; it is told again");
  },
};
