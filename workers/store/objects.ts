import type { LiveSite } from "../../durable-objects/live-site/object.ts";
import type { SiteShard } from "../../durable-objects/site-shard/object.ts";
import { shardName } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";

interface ObjectNamespaces {
  SITE_SHARD: DurableObjectNamespace<SiteShard>;
  LIVE_SITE: DurableObjectNamespace<LiveSite>;
}

type Located = Pick<Site, "id" | "jurisdiction">;

/** A site's objects are created in its jurisdiction and can never leave it. */
export function siteShard(env: ObjectNamespaces, site: Located, shard: number): DurableObjectStub<SiteShard> {
  const { SITE_SHARD } = env;
  const namespace = site.jurisdiction === "none" ? SITE_SHARD : SITE_SHARD.jurisdiction(site.jurisdiction);
  return namespace.getByName(shardName(site.id, shard));
}

export function liveSite(env: ObjectNamespaces, site: Located): DurableObjectStub<LiveSite> {
  const { LIVE_SITE } = env;
  const namespace = site.jurisdiction === "none" ? LIVE_SITE : LIVE_SITE.jurisdiction(site.jurisdiction);
  return namespace.getByName(site.id);
}
