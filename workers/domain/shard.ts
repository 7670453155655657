// Which object holds a visitor. A site's visitors are divided by the leading 32 bits of their ids into as many equal
// ranges as it has shards; another number of shards is another epoch, with objects of its own.

export const FIRST_EPOCH = 1;
export const MAX_SHARDS = 64;
const SPACE = 2 ** 32;

/** Visitors whose leading 32 bits lie in [from, to). */
export interface VisitorRange {
  from: number;
  to: number;
}

export const EVERYBODY: VisitorRange = { from: 0, to: SPACE };

/** What moves at once when shards are raised: the visitors that an old shard and a new one have in common. */
export interface Piece extends VisitorRange {
  oldShard: number;
  newShard: number;
}

/** The number by which visitors are divided, of an id in hexadecimal digits. */
export const leadOf = (visitorId: string): number => Number.parseInt(visitorId.slice(0, 8), 16);

export const inRange = (lead: number, { from, to }: VisitorRange): boolean => lead >= from && lead < to;

/** The shard that holds a visitor: decided by the id alone, so that all their events meet. */
export function shardOf(visitorId: string, shards: number): number {
  return shards === 1 ? 0 : Math.floor((leadOf(visitorId) * shards) / SPACE);
}

export function rangeOf(shard: number, shards: number): VisitorRange {
  return { from: Math.ceil((shard * SPACE) / shards), to: Math.ceil(((shard + 1) * SPACE) / shards) };
}

export function overlapOf(a: VisitorRange, b: VisitorRange): VisitorRange | null {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
}

/** What is left of ranges when others are taken out. */
export function without(ranges: readonly VisitorRange[], taken: readonly VisitorRange[]): VisitorRange[] {
  return taken.reduce<VisitorRange[]>(
    (left, { from, to }) =>
      left.flatMap((range) =>
        [
          { from: range.from, to: Math.min(range.to, from) },
          { from: Math.max(range.from, to), to: range.to },
        ].filter((part) => part.from < part.to),
      ),
    [...ranges],
  );
}

/** Whether the ranges, which do not overlap, cover all of `whole`. */
export function covers(ranges: readonly VisitorRange[], whole: VisitorRange): boolean {
  const covered = ranges.reduce((sum, range) => {
    const part = overlapOf(range, whole);
    return part ? sum + part.to - part.from : sum;
  }, 0);
  return covered === whole.to - whole.from;
}

/** What the new shard takes over, from lower ids to higher ones. */
export function piecesOf(newShard: number, shards: number, oldShards: number): Piece[] {
  const own = rangeOf(newShard, shards);
  return Array.from({ length: oldShards }, (_, oldShard) => {
    const part = overlapOf(own, rangeOf(oldShard, oldShards));
    return part ? [{ ...part, oldShard, newShard }] : [];
  }).flat();
}

export const shardName = (siteId: string, epoch: number, shard: number): string => `${siteId}/${epoch}/${shard}`;
