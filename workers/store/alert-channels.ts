// A site's channels. What they are set to is sealed, and only opened to send.
import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { memberOfChannel } from "../domain/member-channel.ts";
import type { SiteId } from "../domain/site.ts";
import { alertChannels } from "./schema/index.ts";
import { seal, unseal } from "./sealed.ts";

export const MOST_CHANNELS = 50;

interface SealEnv {
  DB: D1Database;
  ADMIN_TOKEN: string;
}

export interface AlertChannel {
  id: string;
  kind: string;
  label: string;
  origin: string;
  /** Why nothing is sent there any more; empty while it is. */
  off: string;
  createdAt: number;
}

const secretOf = ({ ADMIN_TOKEN }: SealEnv): string => `alert channels ${ADMIN_TOKEN}`;
const own = (siteId: SiteId, id: string) => and(eq(alertChannels.siteId, siteId), eq(alertChannels.id, id));

export async function listAlertChannels(db: D1Database, siteId: SiteId): Promise<AlertChannel[]> {
  const rows = await drizzle(db)
    .select()
    .from(alertChannels)
    .where(eq(alertChannels.siteId, siteId))
    .orderBy(asc(alertChannels.createdAt), asc(alertChannels.id));
  return rows.map(({ siteId: _, config: __, ...channel }) => channel);
}

/** Its config null where it cannot be opened: the deployment's token is another than when it was sealed. */
export type OpenedChannel = AlertChannel & { config: unknown };

async function openedOf(
  env: SealEnv,
  { siteId: _, config, ...channel }: typeof alertChannels.$inferSelect,
): Promise<OpenedChannel> {
  const opened = await unseal(config, secretOf(env)).catch(() => null);
  return { ...channel, config: opened === null ? null : JSON.parse(opened) };
}

export async function openAlertChannel(env: SealEnv, siteId: SiteId, id: string): Promise<OpenedChannel | null> {
  const one = { siteId, channelId: id };
  if (memberOfChannel(id) !== null) return (await openAlertChannels(env, [one]))(one);
  const [row] = await drizzle(env.DB).select().from(alertChannels).where(own(siteId, id));
  return row ? openedOf(env, row) : null;
}

interface ChannelOf {
  siteId: SiteId;
  channelId: string;
}

/** Addresses of members of the sites' teams; links lead where the dashboard was when a channel was last made. */
async function memberChannels(db: D1Database, named: readonly ChannelOf[]): Promise<(ChannelOf & OpenedChannel)[]> {
  const pairs = named.flatMap(({ siteId, channelId }) => {
    const member = memberOfChannel(channelId);
    return member === null ? [] : [[siteId, channelId, member]];
  });
  if (pairs.length === 0) return [];
  const { results } = await db
    .prepare(
      `select distinct s.id as siteId, n.value ->> 1 as channelId, p.name, p.email,
         coalesce((select origin from alert_channels c where c.origin <> ''
           order by c.site_id = s.id desc, c.created_at desc limit 1), '') as origin
       from json_each(?1) n join sites s on s.id = n.value ->> 0
         join members m on m.team_id = s.team_id and m.person_id = n.value ->> 2 join people p on p.id = m.person_id`,
    )
    .bind(JSON.stringify(pairs))
    .all<ChannelOf & { name: string; email: string; origin: string }>();
  return results.map(({ siteId, channelId, name, email, origin }) => {
    const channel = { id: channelId, kind: "email", label: `${name}, e-mail`, origin, off: "", createdAt: 0 };
    return { siteId, channelId, ...channel, config: { to: email } };
  });
}

/** Those of the sites named, in one statement: by what names each. */
export async function openAlertChannels(
  env: SealEnv,
  named: readonly ChannelOf[],
): Promise<(one: ChannelOf) => OpenedChannel | null> {
  const pairs = JSON.stringify(named.map(({ siteId, channelId }) => [siteId, channelId]));
  const { id, siteId } = alertChannels;
  const rows = await drizzle(env.DB)
    .select()
    .from(alertChannels)
    .where(sql`(${siteId}, ${id}) in (select value ->> 0, value ->> 1 from json_each(${pairs}))`);
  const keyOf = (one: ChannelOf) => JSON.stringify([one.siteId, one.channelId]);
  const opened = rows.map(async (row) => {
    const key = keyOf({ siteId: row.siteId as SiteId, channelId: row.id }); // as it was asked for
    return [key, await openedOf(env, row)] as const;
  });
  const ofMembers = (await memberChannels(env.DB, named)).map((one) => [keyOf(one), one] as const);
  const known = new Map<string, OpenedChannel>([...(await Promise.all(opened)), ...ofMembers]);
  return (one) => known.get(keyOf(one)) ?? null;
}

/** False when the site has as many as it may. */
export async function addAlertChannel(
  env: SealEnv,
  siteId: SiteId,
  { config, ...channel }: AlertChannel & { config: unknown },
): Promise<boolean> {
  const sealed = await seal(JSON.stringify(config), secretOf(env));
  const { id, kind, label, origin, createdAt } = channel;
  const added = await env.DB.prepare(
    `insert into alert_channels (site_id, id, kind, label, config, origin, created_at) select ?1, ?2, ?3, ?4, ?5, ?6, ?7
     where (select count(*) from alert_channels where site_id = ?1) < ?8 returning id`,
  )
    .bind(siteId, id, kind, label, sealed, origin, createdAt, MOST_CHANNELS)
    .first();
  return added !== null;
}

/** Its config stays where none is given. False where there is no such channel any more. */
export async function changeAlertChannel(
  env: SealEnv,
  siteId: SiteId,
  { id, config, ...fields }: Pick<AlertChannel, "id" | "label" | "off"> & { config?: unknown },
): Promise<boolean> {
  const sealed = config === undefined ? {} : { config: await seal(JSON.stringify(config), secretOf(env)) };
  const changed = await drizzle(env.DB)
    .update(alertChannels)
    .set({ ...fields, ...sealed })
    .where(own(siteId, id))
    .returning({ id: alertChannels.id });
  return changed.length > 0;
}

/** `why` empty: things are sent there again. */
export async function turnOffAlertChannel(
  db: D1Database,
  siteId: SiteId,
  { id, why }: { id: string; why: string },
): Promise<void> {
  await drizzle(db).update(alertChannels).set({ off: why }).where(own(siteId, id));
}

export async function removeAlertChannel(db: D1Database, siteId: SiteId, id: string): Promise<boolean> {
  const gone = await drizzle(db).delete(alertChannels).where(own(siteId, id)).returning({ id: alertChannels.id });
  return gone.length > 0;
}
