// Plausible's events table (`events_v2`) as CSV with header.

import { type Preset, present } from "./preset.ts";

const COLUMNS = {
  at: "timestamp",
  name: "name",
  visitor: "user_id",
  host: "hostname",
  path: "pathname",
  referrer: "referrer",
  source: "referrer_source",
  channel: "acquisition_channel",
  country: "country_code",
  region: "subdivision1_code",
  city: "city_geoname_id",
  device: "screen_size",
  os: "operating_system",
  osVersion: "operating_system_version",
  browser: "browser",
  browserVersion: "browser_version",
  "utm.source": "utm_source",
  "utm.medium": "utm_medium",
  "utm.campaign": "utm_campaign",
  "utm.term": "utm_term",
  "utm.content": "utm_content",
  revenue: "revenue_source_amount",
  currency: "revenue_source_currency",
  engagement: "engagement_time",
  scroll: "scroll_depth",
  propKeys: "meta.key",
  propValues: "meta.value",
};

export const plausible: Preset = {
  label: "Plausible events",
  fits: (header) => ["timestamp", "user_id", "session_id", "pathname"].every((column) => header.includes(column)),
  columns: (header) => present(header, COLUMNS),
};
