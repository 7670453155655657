// What is kept of a slow question: what was asked, never the values of its filters, which may be of a person. Pure.
import type { SlowQuestion } from "../domain/measures.ts";
import type { QueryResult } from "../domain/query.ts";
import type { AnalysisResult } from "../domain/question.ts";

/** Below, nobody has waited. */
const SLOW_MS = 100;

type Answer = QueryResult | AnalysisResult;

function askedText(query: Answer["query"]): string {
  const filtered = query.filters.length > 0 ? ", filtered" : "";
  if ("analysis" in query) return query.analysis + filtered;
  const by = query.dimensions.length > 0 ? ` by ${query.dimensions.join(", ")}` : "";
  return query.metrics.join(", ") + by + filtered;
}

/** Of questions answered together; null when they were quick, or all answered from before. */
export function slowQuestion(siteId: string, answers: readonly Answer[], at: number): SlowQuestion | null {
  const fresh = answers.filter(({ meta }) => !meta.cached);
  const [first] = fresh;
  if (!first || first.meta.ms < SLOW_MS) return null;
  const { ms, scanned, rolled, source } = first.meta;
  const { date_range } = first.query;
  const period = Array.isArray(date_range) ? date_range.map((day) => day.slice(0, 10)).join(" to ") : date_range;
  const others = fresh.length > 1 ? ` and ${fresh.length - 1} more` : "";
  return { at, siteId, asked: askedText(first.query) + others, period, source, scanned, rolled, ms };
}
