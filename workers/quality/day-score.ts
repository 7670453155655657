// A day's score: of each of its events, and of the site, from what was looked at and what was found.
import type { Period } from "../domain/period.ts";
import { COMPLETENESS_OBJECTIVE, type DayFacts, type QualityDay, type QualityFinding } from "../domain/quality.ts";
import type { QualityRule } from "../domain/quality-rule.ts";
import type { DayLook } from "./daily-look.ts";
import type { ReadDay } from "./day-facts.ts";
import { type Evidence, qualityScore } from "./quality-score.ts";

/** What is known of a day besides its events. */
export interface ScoreFacts {
  /** Found of the day at any time, by the looks of hours as well. */
  found: readonly QualityFinding[];
  rules: readonly (QualityRule & { id: string })[];
  /** Where events did not fit the plan, by event. */
  violations: ReadonlyMap<string, number>;
  /** Hours whose counts are compared. */
  hours: number;
  /** Whether history came in, of which nobody can say that it is late. */
  imported: boolean;
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

function eventEvidence(
  event: string,
  facts: DayFacts,
  look: DayLook,
  { violations, rules, imported }: ScoreFacts,
): Evidence[] {
  const { events, repeated, late } = facts;
  const broken = violations.get(event) ?? 0;
  const cells = look.cells.find((one) => one.event === event);
  const wrong = (isMissing: boolean) =>
    (cells?.wrong ?? [])
      .filter(({ fault }) => (fault === "missing") === isMissing)
      .reduce((sum, one) => sum + one.wrong, 0);
  const own = rules.filter((rule) => rule.on === "events" && rule.event === event);
  const drifted = look.found.filter(
    ({ fault, subject }) => fault === "type_drift" && subject.startsWith(`${event} · `),
  );
  return [
    {
      aspect: "validity",
      checked: events,
      faulty: broken,
      reason: `${event}: ${plural(broken, "value")} that the plan does not allow`,
    },
    {
      aspect: "validity",
      checked: cells?.checked ?? 0,
      faulty: wrong(false),
      reason: `${event}: ${plural(wrong(false), "value")} that look wrong`,
    },
    ...drifted.map(({ found, reason }): Evidence => ({ aspect: "validity", checked: events, faulty: found, reason })),
    ...own.flatMap(({ id }): Evidence[] => {
      const verdict = look.verdicts[id];
      if (!verdict) return [];
      const { rule, checked, broken: against, kept } = verdict;
      return [{ aspect: "validity", checked, faulty: kept ? 0 : against, reason: `${rule}: ${verdict.reason}` }];
    }),
    {
      aspect: "completeness",
      checked: cells?.checked ?? events,
      faulty: wrong(true),
      reason: `${event}: ${plural(wrong(true), "value")} missing`,
    },
    {
      aspect: "uniqueness",
      checked: events,
      faulty: repeated,
      reason: `${event}: ${plural(repeated, "event")} sent twice`,
    },
    {
      aspect: "timeliness",
      checked: imported ? 0 : events,
      faulty: late,
      reason: `${event}: ${plural(late, "event")} more than an hour late`,
    },
  ];
}

/** The part of a finding that lies in the day. */
function shareWithin({ from, to }: QualityFinding, day: ReadDay["day"]): number {
  const inside = Math.min(to, day.to) - Math.max(from, day.from);
  return Math.max(0, inside) / Math.max(1, to - from);
}

/** A roll-up of a month says nothing of one day. */
const tellsOfCounts = ({ fault, from, to }: QualityFinding, day: ReadDay["day"]): boolean =>
  fault === "counts_differ" ||
  fault === "missing_hour" ||
  (fault === "rollup_differs" && from >= day.from && to <= day.to);

function siteEvidence({ day, events }: ReadDay, look: DayLook, { found, rules, hours }: ScoreFacts): Evidence[] {
  const total = [...events.values()].reduce((sum, facts) => sum + facts.events, 0);
  const silent = found.filter(({ fault }) => fault === "gap");
  const missing = silent.reduce((sum, one) => sum + (one.expected - one.found) * shareWithin(one, day), 0);
  const differing = found.filter((one) => tellsOfCounts(one, day)).length;
  const wide = rules.filter((rule) => rule.on === "metric" || rule.event === null);
  return [
    {
      aspect: "completeness",
      checked: total + missing,
      faulty: missing,
      reason: `about ${plural(Math.round(missing), "event")} missing in hours without any`,
    },
    {
      aspect: "consistency",
      checked: total > 0 ? hours : 0,
      faulty: differing,
      reason: `${plural(differing, "hour")} whose counts disagree`,
    },
    ...wide.flatMap(({ id }): Evidence[] => {
      const verdict = look.verdicts[id];
      if (!verdict) return [];
      const { rule, checked, broken, kept, reason } = verdict;
      return [{ aspect: "validity", checked, faulty: kept ? 0 : broken, reason: `${rule}: ${reason}` }];
    }),
  ];
}

interface JudgedEvent {
  facts: DayFacts;
  evidence: readonly Evidence[];
}

/** Of several events as one: what was wrong with one of them costs by its share of all. */
function together(judged: readonly JudgedEvent[], total: number): Evidence[] {
  return judged.flatMap(({ facts, evidence }) =>
    evidence.flatMap(({ aspect, checked, faulty, reason }) =>
      checked > 0 ? [{ aspect, checked: total, faulty: facts.events * Math.min(1, faulty / checked), reason }] : [],
    ),
  );
}

/** The site first, then its events. */
export function scoreDay(read: ReadDay, look: DayLook, facts: ScoreFacts): QualityDay[] {
  const { day, events, sample } = read;
  const each = [...events].map(([event, own]) => ({
    event,
    facts: own,
    evidence: eventEvidence(event, own, look, facts),
  }));
  const sum = (of: "events" | "late" | "repeated") => each.reduce((total, one) => total + one.facts[of], 0);
  const whole: QualityDay = {
    day: day.date,
    event: "",
    score: qualityScore([...together(each, sum("events")), ...siteEvidence(read, look, facts)]),
    facts: {
      events: sum("events"),
      late: sum("late"),
      repeated: sum("repeated"),
      properties: {},
      rules: look.verdicts,
      sample: { share: sample.share, events: sample.events.length },
    },
  };
  return [
    whole,
    ...each.map((one) => ({
      day: day.date,
      event: one.event,
      score: qualityScore(one.evidence),
      facts: one.facts,
    })),
  ];
}

/** Told where the site's completeness is below its objective. */
export function incompleteness(whole: QualityDay, { from, to }: Period): QualityFinding[] {
  const { completeness } = whole.score.aspects;
  if (completeness === null || completeness >= COMPLETENESS_OBJECTIVE) return [];
  const why = whole.score.reasons.filter(({ aspect }) => aspect === "completeness").map(({ reason }) => reason);
  const reason = `completeness is ${completeness}, wanted are ${COMPLETENESS_OBJECTIVE} or more: ${why.join("; ")}`;
  return [
    { fault: "incomplete", subject: "events", from, to, expected: COMPLETENESS_OBJECTIVE, found: completeness, reason },
  ];
}
