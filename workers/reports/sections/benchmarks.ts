// Each metric beside the site's own earlier periods, other sites and imported figures: how far it is off, and what to do.
import type { CustomMetric } from "../../catalog/custom-metric.ts";
import { amountOf } from "../../domain/money.ts";
import { comparisonPeriod, firstPartOf, type Period } from "../../domain/period.ts";
import { type Query, querySchema } from "../../domain/query.ts";
import type { Site } from "../../domain/site.ts";
import { questionOf } from "../../query/product.ts";
import { isRefusal } from "../../query/run.ts";
import { median } from "../../stats/median.ts";
import { type Held, heldAgainst } from "../held-against.ts";
import { metricTold, shownText, shownValue } from "../metric-told.ts";
import { type Answer, defineSection, type Making, problem, refusalText } from "../section.ts";

const PERIODS = 12;
/** Earlier periods from which on one is usual or not. */
const LEAST_PERIODS = 3;

/** The last first. Of a period that runs, as much of each. */
function earlierPeriods({ range, span, site }: Making): Period[] {
  if (range === "all") return [];
  const { timeZone } = site;
  const compared = { mode: "previous_period" } as const;
  const elapsed = span.period.to - span.period.from;
  const found: Period[] = [];
  for (let whole = span.whole; found.length < PERIODS; ) {
    const before = comparisonPeriod(range, whole, { compared, timeZone });
    if (!before || "problem" in before) break;
    found.push(span.running ? firstPartOf(before, elapsed) : before);
    whole = before;
  }
  return found;
}

function valuesOf(answer: Answer | undefined): (number | null)[] {
  if (!answer || isRefusal(answer) || "shape" in answer) return [];
  return answer.results[0]?.metrics.map(amountOf) ?? [];
}

/** Values of each metric in the periods before, the last first, as far back as somebody came. */
function histories(answers: readonly Answer[], metrics: readonly string[]): number[][] {
  const all = answers.map(valuesOf);
  const begun = all.findLastIndex((values) => (values.at(-1) ?? 0) > 0);
  return metrics.map((_, place) => all.slice(0, begun + 1).flatMap((values) => values[place] ?? []));
}

interface Other {
  site: Site;
  values: (number | null)[];
}

async function othersOf(ids: readonly string[], metrics: string[], making: Making): Promise<Other[]> {
  const sites = (await Promise.all(ids.map((id) => making.otherSite(id)))).filter((site) => site !== null);
  const { range } = making;
  const include = { trim_relative_date_range: true };
  return Promise.all(
    sites.map(async (site) => {
      const question = querySchema.parse({ site_id: site.id, metrics, date_range: range, include });
      return { site, values: valuesOf((await making.askOther(site, [question]))[0]) };
    }),
  );
}

function ownHeld(value: number, past: readonly number[]): Held[] {
  if (past.length < LEAST_PERIODS) return [];
  const place = past.filter((one) => one > value).length + 1;
  const against = `Own median of ${past.length} periods; this is number ${place} of ${past.length + 1}`;
  return [{ kind: "own", against, value: median(past) }];
}

const COLUMNS = [
  { label: "Metric", type: "text" },
  { label: "This period", type: "number" },
  { label: "Held against", type: "text" },
  { label: "Its figure", type: "number" },
  { label: "Gap", type: "number" },
  { label: "What to do", type: "text" },
] as const;

interface Line {
  name: string;
  value: number;
  held: readonly Held[];
}

function rowsOf({ name, value, held }: Line, known: readonly CustomMetric[]) {
  const told = metricTold(name, known);
  return held.map((one) => {
    const { gap, advice } = heldAgainst(value, one, told);
    return [
      shownText(told.label),
      shownValue(value, told.unit),
      shownText(one.against),
      shownValue(one.value, told.unit),
      gap,
      shownText(advice),
    ];
  });
}

export const benchmarks = defineSection("benchmarks", {
  label: "Benchmarks",
  about: "Metrics beside the site's own past, other sites and imported figures, with the gap and what to do.",
  async make({ metrics, sites }, making) {
    const { site, filters, own } = making;
    const asking = (names: string[]) => ({ site_id: site.id, metrics: names, filters: [...filters] });
    const now: Query = questionOf(making.span.period, asking(metrics));
    const withVisitors = [...metrics.filter((name) => name !== "visitors"), "visitors"];
    const earlier = earlierPeriods(making).map((period) => questionOf(period, asking(withVisitors)));
    const [[answer, ...past], others, imported] = await Promise.all([
      making.ask([now, ...earlier]),
      othersOf(sites, metrics, making),
      making.imported(),
    ]);
    const part = (...blocks: ReturnType<typeof problem>[]) => [{ title: "Benchmarks", blocks, path: null }];
    if (!answer || "shape" in answer) throw new Error("the metrics were not answered");
    if (isRefusal(answer)) return part(problem(refusalText(answer.errors)));
    const usual = histories(past, withVisitors);
    const lines = metrics.flatMap((name, place): Line[] => {
      const value = valuesOf(answer)[place] ?? null;
      if (value === null) return [];
      const beside = others.flatMap(({ site: other, values }): Held[] =>
        values[place] == null ? [] : [{ kind: "site", against: other.name, value: values[place] }],
      );
      const fromElsewhere = imported
        .filter((one) => one.metric === name)
        .map((one): Held => ({ kind: "imported", against: `${one.source}, ${one.date}`, value: one.value }));
      const history = ownHeld(value, usual[withVisitors.indexOf(name)] ?? []);
      return [{ name, value, held: [...history, ...beside, ...fromElsewhere] }];
    });
    const rows = lines.flatMap((line) => rowsOf(line, own.customMetrics));
    const gone = sites.length - others.length;
    const lost =
      gone > 0 ? [problem(`${gone} of the sites are no longer there, or may not be read by the report's maker.`)] : [];
    if (rows.length === 0) {
      const said =
        "There is nothing to hold these metrics against yet: it takes three earlier periods, another site, or imported figures.";
      return part({ kind: "paragraph", text: said }, ...lost);
    }
    return part({ kind: "table", columns: [...COLUMNS], rows, more: 0 }, ...lost);
  },
});
