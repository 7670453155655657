// What a link in a report does, without signing in: sealed, so that nobody can make or change one, and where it leads is in it.
import type { SiteId } from "../domain/site.ts";
import { seal, unseal } from "./sealed.ts";

interface LinkEnv {
  ADMIN_TOKEN: string;
}

interface Links {
  /** `path`: of the dashboard. `section`: of the report; empty for the report as a whole. */
  open: { siteId: SiteId; deliveryId: string; section: string; path: string };
  unsubscribe: { siteId: SiteId; scheduleId: string; email: string };
}

/** A code for one purpose is none for another. */
const secretFor = ({ ADMIN_TOKEN }: LinkEnv, purpose: keyof Links): string => `report link: ${purpose} ${ADMIN_TOKEN}`;

export const sealReportLink = <Purpose extends keyof Links>(
  env: LinkEnv,
  purpose: Purpose,
  link: Links[Purpose],
): Promise<string> => seal(JSON.stringify(link), secretFor(env, purpose));

/** Null for what was never sealed for this here. */
export async function openReportLink<Purpose extends keyof Links>(
  env: LinkEnv,
  purpose: Purpose,
  code: string,
): Promise<Links[Purpose] | null> {
  const text = await unseal(code, secretFor(env, purpose)).catch(() => null);
  return text === null ? null : (JSON.parse(text) as Links[Purpose]); // sealReportLink wrote it
}
