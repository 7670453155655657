// What a schedule orders: which report, and for whom as things stand now.
import type { ReportRecipient } from "../domain/report-schedule.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import type { PlannedReport, ReportOrder } from "../store/report-deliveries.ts";
import type { StoredSchedule } from "../store/report-schedules.ts";
import { unsubscribedOf } from "../store/report-unsubscribed.ts";
import { listMembers } from "../store/teams.ts";

async function inRole(env: Env, site: Site, role: string): Promise<ReportRecipient[]> {
  const members = await listMembers(env.DB, site.teamId);
  return members.filter((one) => one.role === role).map(({ email }) => ({ to: "person", email }));
}

/** Each address once, roles as who has them now. */
export async function recipientsOf(
  env: Env,
  site: Site,
  { id, recipients }: Pick<StoredSchedule, "id" | "recipients">,
): Promise<PlannedReport["recipients"]> {
  const all = await Promise.all(recipients.map((one) => (one.to === "role" ? inRole(env, site, one.role) : [one])));
  const named = all.flat().map((one) => (one.to === "person" ? { ...one, email: one.email.toLowerCase() } : one));
  const once = [...new Map(named.map((one) => [JSON.stringify(one), one])).values()];
  const emails = once.flatMap((one) => (one.to === "person" ? [one.email] : []));
  const of = { siteId: site.id, scheduleId: id };
  const gone = emails.length > 0 ? await unsubscribedOf(env, of, emails) : new Set<string>();
  return once.map((recipient) => ({ recipient, unsubscribed: recipient.to === "person" && gone.has(recipient.email) }));
}

export const orderOf = (
  { name, reportId, period, timeZone, formats, origin }: StoredSchedule,
  about: Pick<ReportOrder, "onAlert" | "note">,
): ReportOrder => ({ name, reportId, period, timeZone, formats, origin, ...about });
