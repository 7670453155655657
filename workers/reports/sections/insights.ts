import { spanOf } from "../../query/product.ts";
import { isRefusal } from "../../query/run.ts";
import { findInsights } from "../find-insights.ts";
import type { Looking } from "../insight.ts";
import { type Answer, defineSection, problem, refusalText } from "../section.ts";
import { viewFilter } from "../view-link.ts";

class Refused extends Error {}

function answered(answers: readonly Answer[]) {
  return answers.map((answer) => {
    if (isRefusal(answer)) throw new Refused(refusalText(answer.errors));
    if ("shape" in answer) throw new Error("an insight was answered by an analysis");
    return answer;
  });
}

export const insights = defineSection("insights", {
  label: "Insights",
  about: "What changed, whether it is more than noise, and why.",
  async make({ most }, making) {
    const { site, range, now, filters, own, ask } = making;
    const part = (block: ReturnType<typeof problem>) => [{ title: "What changed", blocks: [block], path: null }];
    if (filters.some((filter) => viewFilter(filter) === null)) {
      return part(problem("Insights need plain filters and has_done; use others for single sections."));
    }
    // What changed against a year before is asked for; any other comparison is with the period before.
    const compare: Looking["compare"] =
      making.compare?.mode === "year_over_year" ? "year_over_year" : "previous_period";
    const span = spanOf(range, compare, { now, timeZone: site.timeZone });
    if ("errors" in span) return part(problem(refusalText(span.errors)));
    const { comparison } = span;
    if (!comparison) return part(problem("All of time has no period before it; choose a period for insights."));
    const looking: Looking = { site, range, compare, span: { ...span, comparison }, now, filters, ...own };
    try {
      const found = await findInsights(looking, async (questions) => answered(await ask(questions)));
      if (found.insights.length === 0) return part({ kind: "paragraph", text: found.note });
      const items = found.insights.slice(0, most).map(({ text, tone, link }) => ({ text, tone, link }));
      return part({ kind: "list", items });
    } catch (error) {
      if (error instanceof Refused) return part(problem(error.message));
      throw error;
    }
  },
});
