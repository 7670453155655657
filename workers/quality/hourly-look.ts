// What is looked at each hour: silence, counts that disagree, shards that are late.
import { TOTALS } from "../catalog/standard-panels.ts";
import type { KeptFinding, QualityFault, QualityFinding } from "../domain/quality.ts";
import type { RollDifference } from "../domain/rollup.ts";
import { type HourFacts, ofShard, ROLLUPS, readHours } from "./hour-facts.ts";
import type { QualityPorts } from "./ports.ts";
import { DAY_MS } from "./stream-finding.ts";
import { countsDiffer, missingHours } from "./streams/counts-differ.ts";
import { gaps } from "./streams/gap.ts";
import { lateShards } from "./streams/late-shard.ts";
import { rollsDiffer, waitsForRoll } from "./streams/rolls-differ.ts";

export const HOURLY_FAULTS = [
  "gap",
  "counts_differ",
  "missing_hour",
  "rollup_differs",
  "late_shard",
] as const satisfies QualityFault[];

/** A longer silence is what is usual by then. */
const LONGEST_GAP_MS = 14 * DAY_MS;

/** `over`: it has ended by itself. */
export type LookFinding = QualityFinding & { over?: boolean };

const disagreements = ({ compared }: HourFacts): QualityFinding[] =>
  compared.flatMap((counts) => [...countsDiffer(counts), ...missingHours(counts)]);

const isOfOneKey = (a: QualityFinding, b: QualityFinding): boolean =>
  a.fault === b.fault && a.subject === b.subject && a.from === b.from;

const sameFinding = (a: QualityFinding, b: QualityFinding): boolean =>
  isOfOneKey(a, b) && a.expected === b.expected && a.found === b.found;

/** Two counts are never read at one moment: what is not the same when read again was on its way. */
async function sureDisagreements(facts: HourFacts, ports: QualityPorts, now: number): Promise<QualityFinding[]> {
  const first = disagreements(facts);
  if (first.length === 0) return [];
  const again = disagreements(await readHours(ports, now));
  return first.filter((one) => again.some((other) => sameFinding(one, other)));
}

/** Of a shard: what is not told already by its events of an hour. */
function untold(differences: readonly RollDifference[], told: readonly QualityFinding[]): RollDifference[] {
  return differences.flatMap((one) => {
    if (one.grain !== "hour" || !told.some(({ from }) => from === one.start)) return [one];
    if (one.panels.every(({ stored }) => stored === null)) return [];
    const panels = one.panels.filter(({ panel }) => panel !== TOTALS);
    return panels.length > 0 ? [{ ...one, panels }] : [];
  });
}

/** What differs now, and what was found before and still waits to be made again. */
async function wrongRolls(
  ports: QualityPorts,
  { facts, told, open }: { facts: HourFacts; told: readonly QualityFinding[]; open: readonly KeptFinding[] },
): Promise<QualityFinding[]> {
  const { shards, timeZone } = ports.site;
  const all = Array.from({ length: shards }, async (_, shard) => {
    const of = ofShard(ports.site, shard);
    const own = told.filter(({ subject }) => subject === `${ROLLUPS}${of}`);
    return rollsDiffer(untold(await ports.checkRolls(shard), own), timeZone, of);
  });
  const found = (await Promise.all(all)).flat();
  const before = open.filter((one) => one.fault === "rollup_differs" && waitsForRoll(one, facts.standings));
  return [...found, ...before.filter((one) => !found.some((now) => isOfOneKey(now, one)))];
}

function silences({ memory, end }: HourFacts): LookFinding[] {
  const since = end - LONGEST_GAP_MS;
  return gaps(memory, since, end)
    .filter(({ from }) => from > since)
    .map((gap) => ({ ...gap, over: gap.to < end }));
}

/** `open`: what was found before and is still there. */
export async function lookAtHours(
  ports: QualityPorts,
  { open, now }: { open: readonly KeptFinding[]; now: number },
): Promise<{ facts: HourFacts; found: LookFinding[] }> {
  const facts = await readHours(ports, now);
  const told = await sureDisagreements(facts, ports, now);
  const rolls = await wrongRolls(ports, { facts, told, open });
  return { facts, found: [...silences(facts), ...told, ...rolls, ...lateShards(facts.shards, now)] };
}
