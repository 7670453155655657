// What changed, whether it is more than noise, and why: two rounds of questions, each one scan, then at most seven sentences.
import { amountOf } from "../domain/money.ts";
import type { Query, QueryResult } from "../domain/query.ts";
import type { Insight, Looking, Overview } from "./insight.ts";
import { insights } from "./insights/index.ts";
import { overviewOf, overviewQuestions } from "./overview.ts";

export const MOST_INSIGHTS = 7;
/** Days before the period from which its days' own noise can be told. */
export const NEEDED_DAYS = 14;
export const NEEDED_VISITORS = 100;

export interface Found {
  /** `little_data`: nothing can be told, for the reason in `note`. */
  standing: "told" | "nothing_notable" | "little_data";
  /** In place of insights, for people; empty where there are some. */
  note: string;
  /** Whole days between the site's first event and the period, as far as was looked, and how many are needed. */
  history: { days: number; needed: number };
  exact: boolean;
  /** What matters most first. */
  insights: Insight[];
}

/** Answers questions in their order. */
export type AskAll = (questions: Query[]) => Promise<QueryResult[]>;

function missingIn({ historyDays, totals }: Overview): string | null {
  const [now, before] = [amountOf(totals.visitors?.now) ?? 0, amountOf(totals.visitors?.before) ?? 0];
  if (historyDays < NEEDED_DAYS) {
    return `Insights begin with ${NEEDED_DAYS} days of history before the period; so far there are ${historyDays}.`;
  }
  if (before === 0) return "Nobody came in the period that this one is compared with.";
  if (now + before < NEEDED_VISITORS) {
    return `${now + before} visitors in both periods are too few to tell a change from chance; ${NEEDED_VISITORS} are needed.`;
  }
  return null;
}

export async function findInsights(looking: Looking, ask: AskAll): Promise<Found> {
  const first = await ask(overviewQuestions(looking));
  const overview = overviewOf(looking, first);
  const history = { days: overview.historyDays, needed: NEEDED_DAYS };
  const isExact = (answers: readonly QueryResult[]) => answers.every(({ meta }) => meta.exact);
  const missing = missingIn(overview);
  if (missing !== null) {
    return { standing: "little_data", note: missing, history, exact: isExact(first), insights: [] };
  }
  const kinds = Object.values(insights);
  const questions = kinds.map((kind) => kind.ask(overview));
  const all = questions.flat();
  const answers = all.length > 0 ? await ask(all) : [];
  let place = 0;
  const found = kinds.flatMap((kind, index) => {
    const own = answers.slice(place, place + questions[index]!.length);
    place += own.length;
    return kind.find(overview, own);
  });
  const ranked = found.toSorted((a, b) => b.matters - a.matters).slice(0, MOST_INSIGHTS);
  const exact = isExact([...first, ...answers]);
  if (ranked.length > 0) return { standing: "told", note: "", history, exact, insights: ranked };
  return { standing: "nothing_notable", note: "Nothing notable.", history, exact, insights: [] };
}
