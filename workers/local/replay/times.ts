// Times as files write them, to milliseconds since 1970 UTC.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LOG_TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const ISO_LIKE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** `17/May/2015:10:05:03 +0000` of the common log format; null when it is none. */
export function logTime(text: string): number | null {
  const match = LOG_TIME.exec(text);
  if (match === null) return null;
  const [, day, month, year, hour, minute, second, sign, zoneHour, zoneMinute] = match;
  const monthIndex = MONTHS.indexOf(month ?? "");
  if (monthIndex < 0) return null;
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === "-" ? -1 : 1);
  return Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute), Number(second)) - offset;
}

/**
 * ISO 8601 with space or T, a date alone, or a number of seconds, milliseconds or microseconds since 1970 (told apart
 * by size: seconds until the year 5138). `toUtc` places a wall-clock time that has no zone. Null when it is no time.
 */
export function writtenTime(value: string | number, toUtc: (wallMs: number) => number): number | null {
  const text = String(value).trim();
  if (/^\d{9,17}(\.\d+)?$/.test(text)) return epochMs(Number(text));
  const match = ISO_LIKE.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const wallMs = wall + Math.floor(Number(`0.${fraction || "0"}`) * 1000);
  if (new Date(wall).getUTCDate() !== Number(day)) return null;
  return zone === undefined ? toUtc(wallMs) : wallMs - zoneOffsetMs(zone);
}

function epochMs(number: number): number {
  if (number < 1e11) return Math.round(number * 1000);
  return number < 1e14 ? Math.round(number) : Math.round(number / 1000);
}

function zoneOffsetMs(zone: string): number {
  if (/^(z|utc)$/i.test(zone)) return 0;
  const digits = zone.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return minutes * 60_000 * (zone.startsWith("-") ? -1 : 1);
}
