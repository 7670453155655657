import type { Event } from "../domain/event.ts";

/** Analytics Engine takes this many points from one invocation. */
export const POINTS_A_CALL = 250;
const INDEX_BYTES = 96;

/**
 * One point an event, without any id of a person. The order of blobs and doubles is the dataset's schema: append only.
 */
export function writePoint(dataset: AnalyticsEngineDataset, siteId: string, event: Event): void {
  dataset.writeDataPoint({
    indexes: [siteId.slice(0, INDEX_BYTES)],
    blobs: [
      event.name,
      event.hostname,
      event.path,
      event.referrer,
      event.source,
      event.channel,
      event.utmSource,
      event.utmMedium,
      event.utmCampaign,
      event.country,
      event.region,
      event.city,
      event.browser,
      event.os,
      event.device,
      event.language,
      event.revenue?.currency ?? "",
    ].map((text) => text.slice(0, 800)),
    doubles: [event.at, event.revenue?.amount ?? 0, event.engagementMs, event.scrollDepth],
  });
}
