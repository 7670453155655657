import type { AuditTrail } from "../../durable-objects/audit-trail/object.ts";
import type { LiveSite } from "../../durable-objects/live-site/object.ts";
import type { SignIn } from "../../durable-objects/sign-in/object.ts";
import type { SiteShard } from "../../durable-objects/site-shard/object.ts";
import { shardName } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";

export interface ObjectNamespaces {
  SITE_SHARD: DurableObjectNamespace<SiteShard>;
  LIVE_SITE: DurableObjectNamespace<LiveSite>;
}

type Located = Pick<Site, "id" | "jurisdiction">;

/** A site's objects are created in its jurisdiction and can never leave it. */
function within<Kind extends SiteShard | LiveSite>(
  namespace: DurableObjectNamespace<Kind>,
  { jurisdiction }: Located,
): DurableObjectNamespace<Kind> {
  if (jurisdiction === "none") return namespace;
  try {
    return namespace.jurisdiction(jurisdiction);
  } catch (error) {
    // One machine is one place: workerd by itself knows no jurisdictions and says so in these words.
    if (String(error).includes("not implemented in workerd")) return namespace;
    throw error;
  }
}

/** A shard of the epoch that `site` names. */
export function siteShard(
  env: Pick<ObjectNamespaces, "SITE_SHARD">,
  site: Located & Pick<Site, "epoch">,
  shard: number,
): DurableObjectStub<SiteShard> {
  return within(env.SITE_SHARD, site).getByName(shardName(site.id, site.epoch, shard));
}

export function liveSite(env: ObjectNamespaces, site: Located): DurableObjectStub<LiveSite> {
  return within(env.LIVE_SITE, site).getByName(site.id);
}

/** Enough that a flood of tries at one account leaves the others alone. */
const SIGN_INS = 8;

/** The object that tries passwords for that account or link; always the same one, so that it can count. */
export function signInFor(env: { SIGN_IN: DurableObjectNamespace<SignIn> }, name: string): DurableObjectStub<SignIn> {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (hash * 31 + name.charCodeAt(i)) >>> 0;
  return env.SIGN_IN.getByName(`sign-in ${hash % SIGN_INS}`);
}

/** The one writer of the audit trail. */
export const auditTrail = (env: { AUDIT_TRAIL: DurableObjectNamespace<AuditTrail> }): DurableObjectStub<AuditTrail> =>
  env.AUDIT_TRAIL.getByName("audit trail");
