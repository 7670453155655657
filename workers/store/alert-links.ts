// What a link in an alert lets its holder do, without signing in: sealed, so that nobody can make or change one, and ending.
import { encodeBase64Url } from "hono/utils/encode";
import type { SiteId } from "../domain/site.ts";
import { seal, unseal } from "./sealed.ts";

interface LinkEnv {
  ADMIN_TOKEN: string;
}

export interface AcknowledgeLink {
  siteId: SiteId;
  incidentId: string;
  /** It is for one firing; what fires again needs another. */
  turn: number;
  /** To which it was sent; without the channel it is worth nothing. */
  channelId: string;
  /** Milliseconds. */
  until: number;
}

/** All that a chart shows, so that it is the same whenever it is looked at and nothing is asked for it. */
export interface ChartLink {
  title: string;
  /** Milliseconds. */
  start: number;
  step: number;
  timeZone: string;
  values: (number | null)[];
  /** Where the rule draws its line; null for none. */
  threshold: number | null;
  until: number;
}

interface Links {
  acknowledge: AcknowledgeLink;
  chart: ChartLink;
}

/** A code for one purpose is none for another. */
const secretFor = ({ ADMIN_TOKEN }: LinkEnv, purpose: keyof Links): string => `alert link: ${purpose} ${ADMIN_TOKEN}`;

export const sealLink = <Purpose extends keyof Links>(
  env: LinkEnv,
  purpose: Purpose,
  link: Links[Purpose],
): Promise<string> => seal(JSON.stringify(link), secretFor(env, purpose));

const SHORT_BYTES = 12;
const SHORT_CHARS = (SHORT_BYTES * 4) / 3;
const SHORT_PREFIX = "chart:";
const shortName = (short: string): string => `${SHORT_PREFIX}${short}`;

interface ShortOf {
  siteId: string;
}

/** A name for a chart's code where each character is paid for. KV forgets it when the link ends. */
export async function shortenChart(
  { SECRETS }: { SECRETS: KVNamespace },
  siteId: SiteId,
  { code, until }: { code: string; until: number },
): Promise<string> {
  const short = encodeBase64Url(crypto.getRandomValues(new Uint8Array(SHORT_BYTES)).buffer);
  await SECRETS.put(shortName(short), code, { expiration: Math.ceil(until / 1000), metadata: { siteId } });
  return short;
}

/** Forgets the site's short names of charts whose title `names` a person. Returns how many. */
export async function forgetCharts(
  env: LinkEnv & { SECRETS: KVNamespace },
  siteId: SiteId,
  names: (title: string) => boolean,
): Promise<number> {
  let forgotten = 0;
  for (let cursor: string | null = null; ; ) {
    const page: KVNamespaceListResult<ShortOf> = await env.SECRETS.list<ShortOf>({ prefix: SHORT_PREFIX, cursor });
    for (const { name, metadata } of page.keys) {
      if (metadata?.siteId !== siteId) continue;
      const chart = await openChart(env, name.slice(SHORT_PREFIX.length));
      if (!chart || !names(chart.title)) continue;
      await env.SECRETS.delete(name);
      forgotten++;
    }
    if (page.list_complete) return forgotten;
    cursor = page.cursor;
  }
}

/** What a link to a chart holds, or the short name of that. */
export async function openChart(env: LinkEnv & { SECRETS: KVNamespace }, text: string): Promise<ChartLink | null> {
  const code = text.length === SHORT_CHARS ? await env.SECRETS.get(shortName(text)) : text;
  return code === null ? null : openLink(env, "chart", code);
}

/** Null for what was never sealed for this here. Whether it has ended is for the caller to say. */
export async function openLink<Purpose extends keyof Links>(
  env: LinkEnv,
  purpose: Purpose,
  code: string,
): Promise<Links[Purpose] | null> {
  const text = await unseal(code, secretFor(env, purpose)).catch(() => null);
  return text === null ? null : (JSON.parse(text) as Links[Purpose]); // sealLink wrote it
}
