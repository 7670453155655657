import type { Delivered } from "../delivery/channel.ts";
import { nextTry } from "../delivery/retry.ts";
import { sendNotice } from "../delivery/send-notice.ts";
import { isChannelKind, paysByLength } from "../delivery/tell-channel.ts";
import type { SiteId } from "../domain/site.ts";
import { withPatience } from "../domain/with-patience.ts";
import type { Env } from "../env.ts";
import { openAlertChannel, turnOffAlertChannel } from "../store/alert-channels.ts";
import { sealLink, shortenChart } from "../store/alert-links.ts";
import { claimNotices, forgetNotices, type Notice, type Settled, settleNotice } from "../store/notices.ts";
import { pushKey } from "../store/push-key.ts";
import { findSite } from "../store/sites.ts";
import { type AlertPicture, alertPicture, NO_PICTURE } from "./alert-picture.ts";
import type { Job } from "./index.ts";

/** Each is some calls, of which the free plan allows fifty a run. */
const NOTICES_A_RUN = 100;
const NOTICES_A_RUN_FREE = 8;
const KEPT_MS = 90 * 24 * 3600_000;
/** Each is a question of some calls, asked once for all the channels of an incident; the rest go without. */
const PICTURES_A_RUN = 20;
const PICTURES_A_RUN_FREE = 1;
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

/** Never what keeps an alert: without its picture it is told all the same. */
function picturesOf(env: Env, now: number): PictureOf {
  const most = env.EDGEWISE_PLAN === "free" ? PICTURES_A_RUN_FREE : PICTURES_A_RUN;
  const asked = new Map<string, Promise<AlertPicture>>();
  const ask = async ({ siteId, message }: Notice): Promise<AlertPicture> => {
    const site = await findSite(env.DB, siteId);
    const { incident } = message;
    return site ? withPatience(alertPicture(env, site, { incident, now }), PICTURE_PATIENCE_MS, "a chart") : NO_PICTURE;
  };
  return (notice) => {
    const { siteId, message } = notice;
    if (message.kind === "acknowledged") return Promise.resolve(NO_PICTURE);
    const key = JSON.stringify([siteId, message.incident.id]);
    const known = asked.get(key);
    if (known) return known;
    if (asked.size >= most) return Promise.resolve(NO_PICTURE);
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

async function tell(
  env: Env,
  notice: Notice,
  { now, pictureOf }: { now: number; pictureOf: PictureOf },
): Promise<Delivered> {
  const { siteId, channelId, message } = notice;
  const channel = await openAlertChannel(env, siteId, channelId);
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
    pushKey: () => pushKey(env),
    now,
  });
  if (delivered.result === "gone") await turnOffAlertChannel(env.DB, siteId, { id: channelId, why: delivered.told });
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
  async run(env, now) {
    const most = env.EDGEWISE_PLAN === "free" ? NOTICES_A_RUN_FREE : NOTICES_A_RUN;
    const due = await claimNotices(env.DB, { now, most });
    const pictureOf = picturesOf(env, now);
    const done = due.map(async (notice) => {
      const delivered = await tell(env, notice, { now, pictureOf });
      await settleNotice(env.DB, { ...notice, at: now }, settledBy(delivered, notice, now));
    });
    const failures = (await Promise.allSettled(done)).flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    if (due.length > 0) await forgetNotices(env.DB, now - KEPT_MS);
    if (failures.length > 0) throw new AggregateError(failures, "notices could not be told");
  },
};
