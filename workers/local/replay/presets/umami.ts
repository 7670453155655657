// Umami's export: `website_event.csv` of its zip. Its sessions are our visitors. Newer versions write rows of other kinds into
// it too: openings of short links and pixels, loading times, clicks of heat maps, errors and logs.

import { textOf } from "../table-record.ts";
import { type Preset, present } from "./preset.ts";

const PAGE_VIEW = "1";
const CUSTOM_EVENT = "2";

const COLUMNS = {
  id: "event_id",
  at: "created_at",
  name: "event_name",
  visitor: "session_id",
  userId: "distinct_id",
  host: "hostname",
  path: "url_path",
  title: "page_title",
  referrer: "referrer_domain",
  country: "country",
  region: "region",
  city: "city",
  browser: "browser",
  os: "os",
  device: "device",
  language: "language",
  "utm.source": "utm_source",
  "utm.medium": "utm_medium",
  "utm.campaign": "utm_campaign",
  "utm.term": "utm_term",
  "utm.content": "utm_content",
};

export const umami: Preset = {
  label: "Umami events",
  fits: (header) =>
    ["website_id", "session_id", "visit_id", "url_path", "created_at"].every((column) => header.includes(column)),
  columns: (header) => present(header, COLUMNS),
  leftOut(record) {
    const kind = textOf(record.event_type);
    if (kind === CUSTOM_EVENT) return textOf(record.event_name) === "" ? "an event without a name" : null;
    return kind === "" || kind === PAGE_VIEW ? null : `of type ${kind}, no page view and no event`;
  },
};
