// Calendar arithmetic on local dates written `YYYY-MM-DD`. No clock and no zone of the browser's: both are arguments.

const DAY_MS = 86_400_000;

const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);
const iso = (date: Date): string => date.toISOString().slice(0, 10);

/** Local time in the zone as `YYYY-MM-DD HH:MM:SS`, the form of the API's time labels. */
export function localStamp(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`;
}

export function localDay(at: number, timeZone: string): string {
  return localStamp(at, timeZone).slice(0, 10);
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text).getTime()) && iso(utc(text)) === text;
}

export function addDays(day: string, count: number): string {
  return iso(new Date(utc(day).getTime() + count * DAY_MS));
}

/** The first of the month, `count` months on. */
export function monthStart(day: string, count = 0): string {
  const date = utc(day);
  return iso(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1)));
}

export function monthEnd(day: string): string {
  return addDays(monthStart(day, 1), -1);
}

/** Days from one date to the other, both counted: 1 for the same day. */
export function spanDays(from: string, to: string): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / DAY_MS) + 1;
}
