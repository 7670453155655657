// When what could not be told is tried again.

const FIRST_MS = 30_000;
const LONGEST_MS = 3600_000;
const GIVEN_UP_MS = 24 * 3600_000;

/** Null when it is given up. Twice as long each time, and somewhere in the later half of it, so that not all come at once. */
export function nextTry(
  { tries, createdAt }: { tries: number; createdAt: number },
  { now, random }: { now: number; random: number },
): number | null {
  if (now - createdAt >= GIVEN_UP_MS) return null;
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return now + Math.round(wait * (0.5 + random / 2));
}
