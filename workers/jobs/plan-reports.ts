// From schedules that are due to what goes to whom.
import type { Env } from "../env.ts";
import { orderOf, recipientsOf } from "../reporting/report-order.ts";
import { lastDue, nextDue } from "../reports/due-moments.ts";
import { addReportDeliveries, planReport } from "../store/report-deliveries.ts";
import { claimReportSchedules, type StoredSchedule, schedulesOfIncidents } from "../store/report-schedules.ts";
import { findSite } from "../store/sites.ts";
import { inTurns } from "./in-turns.ts";

const AT_ONCE = 50;
const AT_ONCE_FREE = 1;

const isFree = ({ EDGEWISE_PLAN }: Env): boolean => EDGEWISE_PLAN === "free";

const minuteText = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "long", timeStyle: "short" }).format(at);

/** Of what was missed the latest alone goes out, and says so. */
async function planDue(env: Env, schedule: StoredSchedule, now: number): Promise<void> {
  const site = await findSite(env.DB, schedule.siteId);
  const { when, timeZone, nextAt } = schedule;
  if (!site || nextAt === null) return;
  // Of another rhythm since it fell due, the last moment may lie before that.
  const dueAt = Math.max(nextAt, lastDue(when, timeZone, now) ?? nextAt);
  const missed = `What was due from ${minuteText(nextAt, timeZone)} on was not sent: nothing ran then. This is the latest.`;
  const report = orderOf(schedule, { onAlert: false, note: dueAt > nextAt ? missed : "" });
  const recipients = await recipientsOf(env, site, schedule);
  await planReport(env.DB, { schedule, dueAt, report, recipients, now, nextAt: nextDue(when, timeZone, now) });
}

async function planFired(env: Env, schedule: StoredSchedule, { openedAt, now }: { openedAt: number; now: number }) {
  const site = await findSite(env.DB, schedule.siteId);
  if (!site) return;
  const report = orderOf(schedule, { onAlert: true, note: "" });
  const recipients = await recipientsOf(env, site, schedule);
  await addReportDeliveries(env.DB, { schedule, dueAt: openedAt, report, recipients, now });
}

/** Returns what went wrong; those schedules are taken again when their lease has ended. */
export async function planReports(
  env: Env,
  { now, isLate }: { now: number; isLate: () => boolean },
): Promise<unknown[]> {
  const most = isFree(env) ? AT_ONCE_FREE : AT_ONCE;
  const failures: unknown[] = [];
  for (;;) {
    const due = await claimReportSchedules(env.DB, { now, most });
    failures.push(...(await inTurns(env, due, (schedule) => planDue(env, schedule, now))));
    if (due.length < most || isFree(env) || isLate()) break;
  }
  const fired = await schedulesOfIncidents(env.DB, { now, most });
  failures.push(
    ...(await inTurns(env, fired, ({ schedule, openedAt }) => planFired(env, schedule, { openedAt, now }))),
  );
  return failures;
}
