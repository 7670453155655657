// Any table: columns are recognised by their usual names, whatever the case and the separators.

import type { Preset } from "./preset.ts";

/** Most telling name first; compared in lower case without spaces, dashes, underscores and dots. */
const NAMES: Record<string, readonly string[]> = {
  at: ["at", "timestamp", "time", "datetime", "occurredat", "eventtime", "eventtimestamp", "createdat", "ts", "date"],
  name: ["name", "event", "eventname", "eventtype", "action"],
  visitor: [
    "visitor",
    "visitorid",
    "customerid",
    "clientid",
    "anonymousid",
    "distinctid",
    "deviceid",
    "userpseudoid",
    "sessionid",
  ],
  userId: ["userid"],
  persistentId: ["persistentid"],
  url: ["url", "pageurl", "pagelocation", "currenturl", "location"],
  host: ["hostname", "host", "domain"],
  path: ["path", "pathname", "urlpath", "page", "pagepath"],
  title: ["title", "pagetitle"],
  referrer: ["referrer", "referer", "pagereferrer", "referrerurl"],
  userAgent: ["useragent"],
  ip: ["ip", "ipaddress", "clientip", "remoteaddr"],
  source: ["source", "referrersource"],
  channel: ["channel"],
  country: ["country", "countrycode"],
  region: ["region"],
  city: ["city"],
  browser: ["browser"],
  browserVersion: ["browserversion"],
  os: ["os", "operatingsystem"],
  osVersion: ["osversion", "operatingsystemversion"],
  device: ["device", "devicetype"],
  language: ["language", "locale"],
  "utm.source": ["utmsource"],
  "utm.medium": ["utmmedium"],
  "utm.campaign": ["utmcampaign"],
  "utm.term": ["utmterm"],
  "utm.content": ["utmcontent"],
  engagement: ["engagement", "engagementms"],
  scroll: ["scroll", "scrolldepth"],
  revenue: ["revenue", "revenueamount", "amount", "price"],
  currency: ["currency", "revenuecurrency"],
  props: ["props", "properties", "eventproperties"],
};

export const byName: Preset = {
  label: "columns by name",
  fits: () => true,
  columns: (header) => {
    const byPlainName = new Map(header.map((column) => [column.toLowerCase().replace(/[\s._-]/g, ""), column]));
    const found = Object.entries(NAMES).map(([field, names]) => [
      field,
      names.map((name) => byPlainName.get(name)).find((column) => column !== undefined),
    ]);
    return Object.fromEntries(found.filter(([, column]) => column !== undefined));
  },
};
