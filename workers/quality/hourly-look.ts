// What is looked at each hour: silence, counts that disagree, shards that are late.
import type { QualityFault, QualityFinding } from "../domain/quality.ts";
import { type HourFacts, readHours } from "./hour-facts.ts";
import type { QualityPorts } from "./ports.ts";
import { DAY_MS } from "./stream-finding.ts";
import { countsDiffer, missingHours } from "./streams/counts-differ.ts";
import { gaps } from "./streams/gap.ts";
import { lateShards } from "./streams/late-shard.ts";

export const HOURLY_FAULTS = ["gap", "counts_differ", "missing_hour", "late_shard"] as const satisfies QualityFault[];

/** A longer silence is what is usual by then. */
const LONGEST_GAP_MS = 14 * DAY_MS;

/** `over`: it has ended by itself. */
export type LookFinding = QualityFinding & { over?: boolean };

const disagreements = ({ compared }: HourFacts): QualityFinding[] =>
  compared.flatMap((counts) => [...countsDiffer(counts), ...missingHours(counts)]);

const sameFinding = (a: QualityFinding, b: QualityFinding): boolean =>
  a.fault === b.fault &&
  a.subject === b.subject &&
  a.from === b.from &&
  a.expected === b.expected &&
  a.found === b.found;

/** Two counts are never read at one moment: what is not the same when read again was on its way. */
async function sureDisagreements(facts: HourFacts, ports: QualityPorts, now: number): Promise<QualityFinding[]> {
  const first = disagreements(facts);
  if (first.length === 0) return [];
  const again = disagreements(await readHours(ports, now));
  return first.filter((one) => again.some((other) => sameFinding(one, other)));
}

function silences({ hours, end }: HourFacts): LookFinding[] {
  const since = end - LONGEST_GAP_MS;
  return gaps(hours, since, end)
    .filter(({ from }) => from > since)
    .map((gap) => ({ ...gap, over: gap.to < end }));
}

export async function lookAtHours(
  ports: QualityPorts,
  now: number,
): Promise<{ facts: HourFacts; found: LookFinding[] }> {
  const facts = await readHours(ports, now);
  const differing = await sureDisagreements(facts, ports, now);
  return { facts, found: [...silences(facts), ...differing, ...lateShards(facts.shards, now)] };
}
