import type { Delivered } from "../delivery/channel.ts";
import { nextTry } from "../delivery/retry.ts";
import { sendNotice } from "../delivery/send-notice.ts";
import { isChannelKind, paysByLength } from "../delivery/tell-channel.ts";
import { memberOfChannel } from "../domain/member-channel.ts";
import { once } from "../domain/once.ts";
import type { SiteId } from "../domain/site.ts";
import { withPatience } from "../domain/with-patience.ts";
import type { Env } from "../env.ts";
import { type OpenedChannel, openAlertChannels, turnOffAlertChannel } from "../store/alert-channels.ts";
import { sealLink, shortenChart } from "../store/alert-links.ts";
import { claimNotices, forgetNotices, type Notice, type Settled, settleNotice } from "../store/notices.ts";
import { pushKey } from "../store/push-key.ts";
import { findSite } from "../store/sites.ts";
import { type AlertPicture, alertPicture, NO_PICTURE, pictureCalls } from "./alert-picture.ts";
import {
  type Calls,
  CLAIM_CALLS,
  callsFor,
  keptForMetrics,
  MEMBERS_CALLS,
  NOTICE_CALLS,
  PUSH_KEY_CALLS,
  takeCalls,
} from "./calls.ts";
import type { Job } from "./index.ts";

const NOTICES_A_RUN = 100;
const KEPT_MS = 90 * 24 * 3600_000;
/** Each is a question of some calls, asked once for all the channels of an incident; the rest go without. */
const PICTURES_A_RUN = 20;
const PICTURE_PATIENCE_MS = 5_000;
const LINK_MS = 3 * 24 * 3600_000;

/** Where one says that one looks at it; empty once nobody needs to. */
async function acknowledgeLink(
  env: Env,
  { siteId, channelId, message }: Notice,
  asked: { origin: string; now: number },
) {
  const { origin, now } = asked;
  if (origin === "" || message.kind !== "firing") return "";
  const { id: incidentId, turn } = message.incident;
  const code = await sealLink(env, "acknowledge", { siteId, incidentId, turn, channelId, until: now + LINK_MS });
  // Behind the hash, so that no server's log has it.
  return `${origin}/acknowledge#code=${code}`;
}

type PictureOf = (notice: Notice) => Promise<AlertPicture>;

interface Budget {
  calls: Calls;
  /** What is left to the jobs after this one. */
  kept: number;
}

/** Never what keeps an alert: without its picture it is told all the same. */
function picturesOf(env: Env, now: number, { calls, kept }: Budget): PictureOf {
  const asked = new Map<string, Promise<AlertPicture>>();
  const ask = async ({ siteId, message }: Notice): Promise<AlertPicture> => {
    if (!takeCalls(calls, 1, kept)) return NO_PICTURE;
    const site = await findSite(env.DB, siteId);
    if (!site || !takeCalls(calls, pictureCalls(site), kept)) return NO_PICTURE;
    const { incident } = message;
    return withPatience(alertPicture(env, site, { incident, now }), PICTURE_PATIENCE_MS, "a chart");
  };
  return (notice) => {
    const { siteId, message } = notice;
    if (message.kind === "acknowledged") return Promise.resolve(NO_PICTURE);
    const key = JSON.stringify([siteId, message.incident.id]);
    const known = asked.get(key);
    if (known) return known;
    if (asked.size >= PICTURES_A_RUN) return Promise.resolve(NO_PICTURE);
    const picture = ask(notice).catch((error: unknown) => {
      console.error("an alert goes without its chart:", error);
      return NO_PICTURE;
    });
    asked.set(key, picture);
    return picture;
  };
}

async function chartFor(
  env: Env,
  siteId: SiteId,
  { kind, origin, chart }: { kind: string; origin: string; chart: AlertPicture["chart"] },
) {
  if (!chart) return null;
  const isShort = isChannelKind(kind) && paysByLength(kind);
  const code = isShort ? await shortenChart(env, siteId, chart) : chart.code;
  return { svg: chart.svg, url: `${origin}/api/v1/alert-charts/${code}` };
}

interface Telling {
  now: number;
  channel: OpenedChannel | null;
  pictureOf: PictureOf;
  key: () => ReturnType<typeof pushKey>;
}

async function tell(env: Env, notice: Notice, { now, channel, pictureOf, key }: Telling): Promise<Delivered> {
  const { siteId, message, channelId } = notice;
  if (!channel && memberOfChannel(channelId) !== null) return { result: "failed", told: "they have left the team" };
  if (!channel) return { result: "failed", told: "the channel was removed" };
  if (channel.off !== "") return { result: "failed", told: `the channel is off: ${channel.off}` };
  const link = channel.origin === "" ? "" : `${channel.origin}/sites/${encodeURIComponent(siteId)}/alerts`;
  const acknowledge = await acknowledgeLink(env, notice, { origin: channel.origin, now });
  const { chart, top } = await pictureOf(notice);
  const drawn =
    channel.origin === "" ? null : await chartFor(env, siteId, { kind: channel.kind, origin: channel.origin, chart });
  const delivered = await sendNotice(env, {
    kind: channel.kind,
    config: channel.config,
    message: { ...message, link, acknowledge, chart: drawn, top },
    pushKey: key,
    now,
  });
  if (delivered.result === "gone") await turnOffAlertChannel(env.DB, siteId, { id: channel.id, why: delivered.told });
  return delivered;
}

function settledBy({ result, told }: Delivered, notice: Notice, now: number): Settled {
  if (result === "sent" || result === "shown") return { state: result, told, nextAt: now };
  const next = result === "again" ? nextTry(notice, { now, random: Math.random() }) : null;
  return next === null ? { state: "failed", told, nextAt: now } : { state: "due", told, nextAt: next };
}

/** What is due is told, each channel by itself, so that a slow one keeps no other waiting. */
export const deliverNotices: Job = {
  name: "deliverNotices",
  cron: "* * * * *",
  async run(env, now, calls = callsFor(env)) {
    const kept = keptForMetrics(now);
    const before = CLAIM_CALLS + MEMBERS_CALLS + PUSH_KEY_CALLS;
    const most = Math.min(NOTICES_A_RUN, Math.floor((calls.left - kept - before) / NOTICE_CALLS));
    if (most < 1 || !takeCalls(calls, CLAIM_CALLS, kept)) return;
    const due = await claimNotices(env.DB, { now, most });
    if (due.length === 0) return;
    takeCalls(calls, due.length * NOTICE_CALLS, kept);
    if (due.some(({ channelId }) => memberOfChannel(channelId) !== null)) takeCalls(calls, MEMBERS_CALLS, kept);
    const channelOf = await openAlertChannels(env, due);
    if (due.some((notice) => channelOf(notice)?.kind === "push")) takeCalls(calls, PUSH_KEY_CALLS, kept);
    const telling = { now, pictureOf: picturesOf(env, now, { calls, kept }), key: once(() => pushKey(env)) };
    const done = due.map(async (notice) => {
      const delivered = await tell(env, notice, { ...telling, channel: channelOf(notice) });
      await settleNotice(env.DB, { ...notice, at: now }, settledBy(delivered, notice, now));
    });
    const failures = (await Promise.allSettled(done)).flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    if (takeCalls(calls, 1, kept)) await forgetNotices(env.DB, now - KEPT_MS);
    if (failures.length > 0) throw new AggregateError(failures, "notices could not be told");
  },
};
