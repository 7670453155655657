export interface Rated {
  weight: number;
  /** Null where the weight is zero. */
  rate: number | null;
}

export interface Effects {
  mix: number;
  rate: number;
}

const total = (groups: readonly Rated[]): number => groups.reduce((sum, { weight }) => sum + weight, 0);

/** Of all groups together. */
function overall(groups: readonly Rated[]): number {
  const weight = total(groups);
  return weight > 0 ? groups.reduce((sum, one) => sum + one.weight * (one.rate ?? 0), 0) / weight : 0;
}

/**
 * What each group adds to the change of a ratio, by its share having changed and by its own ratio having changed (Kitagawa,
 * Journal of the American Statistical Association 50, 1955). mix = (share now - share before) × (its mean rate - the mean of
 * the overall rates); rate = its mean share × (rate now - rate before). All together are the change of the overall ratio,
 * nothing left over. Groups are at the same places in both lists; a group that was empty once has a mix effect alone.
 */
export function mixAndRate(now: readonly Rated[], before: readonly Rated[]): Effects[] {
  const [sizeNow, sizeBefore] = [total(now), total(before)];
  const centre = (overall(now) + overall(before)) / 2;
  const share = (weight: number, size: number) => (size > 0 ? weight / size : 0);
  return now.map((one, place) => {
    const other = before[place]!;
    const [rateNow, rateBefore] = [one.rate ?? other.rate ?? centre, other.rate ?? one.rate ?? centre];
    const [shareNow, shareBefore] = [share(one.weight, sizeNow), share(other.weight, sizeBefore)];
    return {
      mix: (shareNow - shareBefore) * ((rateNow + rateBefore) / 2 - centre),
      rate: ((shareNow + shareBefore) / 2) * (rateNow - rateBefore),
    };
  });
}
