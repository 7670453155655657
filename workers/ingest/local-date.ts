// Civil dates of a site's time zone, cheap enough for every event: offsets from UTC are whole quarters of an hour since
// 1972 and change only on one, so a zone's date holds for the UTC quarter it was computed in.

const QUARTER_MS = 15 * 60_000;

/** More dates than the hot path asks for; history of years would otherwise pile up. */
const HELD = 1_000;

const formatters = new Map<string, Intl.DateTimeFormat>();
/** Zone → start of the quarter → date. Around midnight two quarters are asked for in turn. */
const zones = new Map<string, Map<number, string>>();

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  // Swedish writes a date as ISO 8601 does.
  const made = new Intl.DateTimeFormat("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  formatters.set(timeZone, made);
  return made;
}

/** The date in `timeZone` (IANA) at `ms` UTC, as `2026-11-21`. */
export function localDate(ms: number, timeZone: string): string {
  const start = Math.floor(ms / QUARTER_MS) * QUARTER_MS;
  let dates = zones.get(timeZone);
  if (!dates || dates.size > HELD) {
    dates = new Map();
    zones.set(timeZone, dates);
  }
  const known = dates.get(start);
  if (known !== undefined) return known;
  const date = formatterFor(timeZone).format(ms);
  dates.set(start, date);
  return date;
}
