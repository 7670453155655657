// What a link in an alert lets its holder do, without signing in: sealed, so that nobody can make or change one, and ending.
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

/** Null for what was never sealed for this here. Whether it has ended is for the caller to say. */
export async function openLink<Purpose extends keyof Links>(
  env: LinkEnv,
  purpose: Purpose,
  code: string,
): Promise<Links[Purpose] | null> {
  const text = await unseal(code, secretFor(env, purpose)).catch(() => null);
  return text === null ? null : (JSON.parse(text) as Links[Purpose]); // sealLink wrote it
}
