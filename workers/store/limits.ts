/** D1 holds raw events as a convenience for SQL; the shards hold them for the site's retention. */
export const RAW_KEPT_MS = 3 * 24 * 3600_000;
export const SITE_RAW_BYTES = 200 * 1024 * 1024;
