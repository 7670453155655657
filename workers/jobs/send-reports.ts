import type { Delivered } from "../delivery/channel.ts";
import { nextTry } from "../delivery/retry.ts";
import type { Env } from "../env.ts";
import {
  claimReportDeliveries,
  type SettledReport,
  type StoredDelivery,
  settleReportDelivery,
} from "../store/report-deliveries.ts";
import { findSite } from "../store/sites.ts";
import { type Calls, callsFor, REPORTS_CALLS, takeCalls } from "./calls.ts";
import { inTurns } from "./in-turns.ts";
import type { Job } from "./index.ts";
import { type MadeReport, type MakeReport, madeReport, Unmakeable } from "./made-report.ts";
import { planReports } from "./plan-reports.ts";
import { type Sent, sendReport } from "./send-report.ts";

/** On the free plan one at a time, in a minute that has the calls for it. */
const SLICE = 24;
const SLICE_FREE = 1;
/** Then the next run goes on, so that what runs beside it is not kept waiting. */
const RUN_MS = 50_000;
/** Reports that are held at once; each may have some megabytes of files. */
const MOST_MADE = 20;

/** What went wrong here is in the log, and nobody else's. */
const FAILED = "it could not be made; it was logged, and is tried again";

type MadeOf = (delivery: StoredDelivery) => Promise<MadeReport>;

/** The same report for all who get it is made once. */
function madeOnce(env: Env, make: MakeReport): MadeOf {
  const held = new Map<string, Promise<MadeReport>>();
  const madeAnew = async ({ siteId, report, dueAt }: StoredDelivery) => {
    const site = await findSite(env.DB, siteId);
    if (!site) throw new Unmakeable("the site is gone");
    return make(env, { site, order: report, dueAt });
  };
  return (delivery) => {
    const { siteId, scheduleId, dueAt, report } = delivery;
    const key = JSON.stringify([siteId, scheduleId, dueAt, report]);
    const known = held.get(key);
    if (known) return known;
    const [oldest] = held.size >= MOST_MADE ? held.keys() : [];
    if (oldest !== undefined) held.delete(oldest);
    const made = madeAnew(delivery);
    held.set(key, made);
    return made;
  };
}

async function sent(
  env: Env,
  delivery: StoredDelivery,
  { madeOf, now }: { madeOf: MadeOf; now: number },
): Promise<Sent> {
  try {
    return await sendReport(env, delivery, { made: await madeOf(delivery), now });
  } catch (error) {
    if (error instanceof Unmakeable) return { result: "failed", told: error.message.slice(0, 300), files: [] };
    console.error("a report was not sent:", delivery.siteId, delivery.id, error);
    return { result: "again", told: FAILED, files: [] };
  }
}

function settledBy({ result, told }: Delivered, delivery: StoredDelivery, now: number): Omit<SettledReport, "files"> {
  if (result === "sent") return { state: "sent", told, nextAt: now, sentAt: now };
  const { tries, dueSince } = delivery;
  const next = result === "again" ? nextTry({ tries, createdAt: dueSince }, { now, random: Math.random() }) : null;
  if (next === null) return { state: "failed", told, nextAt: now, sentAt: null };
  return { state: "due", told, nextAt: next, sentAt: null };
}

/** In slices, each of which nobody else has for a while; what is left over is the next run's. */
export async function sendDueReports(
  env: Env,
  { now, make, calls = callsFor(env) }: { now: number; make: MakeReport; calls?: Calls | undefined },
): Promise<void> {
  if (!takeCalls(calls, REPORTS_CALLS)) return;
  const began = Date.now();
  const isLate = () => Date.now() - began > RUN_MS;
  const isFree = env.EDGEWISE_PLAN === "free";
  const most = isFree ? SLICE_FREE : SLICE;
  const failures = await planReports(env, { now, isLate });
  const madeOf = madeOnce(env, make);
  const send = async (delivery: StoredDelivery): Promise<void> => {
    const { files, ...delivered } = await sent(env, delivery, { madeOf, now });
    await settleReportDelivery(env.DB, delivery, { ...settledBy(delivered, delivery, now), files });
  };
  for (;;) {
    const due = await claimReportDeliveries(env.DB, { now, most });
    failures.push(...(await inTurns(env, due, send)));
    if (due.length < most || isFree || isLate()) break;
  }
  if (failures.length > 0) throw new AggregateError(failures, "reports could not be sent");
}

/** What is due is planned, then sent. */
export const sendReports: Job = {
  name: "sendReports",
  cron: "* * * * *",
  run: (env, now, calls) => sendDueReports(env, { now, make: madeReport, calls }),
};
