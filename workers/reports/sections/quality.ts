import { FAULTS } from "../../domain/quality.ts";
import type { ReportBlock, ReportFigure } from "../../domain/report-document.ts";
import { changeOf } from "../../query/format.ts";
import { changeText, changeTone, shownCount, shownText } from "../metric-told.ts";
import { defineSection, type QualityTold } from "../section.ts";

const MOST_FINDINGS = 20;

const lastScore = ({ scores }: QualityTold): number | null => scores.find(({ total }) => total !== null)?.total ?? null;

/** The last day of each period that was judged. */
function scoreFigure(now: QualityTold, before: QualityTold | null): ReportFigure {
  const [score, earlier] = [lastScore(now), before && lastScore(before)];
  const change = changeOf("count", score, earlier);
  return {
    label: "Data quality, of 100",
    now: shownCount(score),
    before: before && shownCount(earlier),
    change: changeText(change, "count"),
    tone: changeTone(change, { unit: "count", better: "higher" }),
    target: null,
  };
}

function findingsBlock({ findings }: QualityTold, timeZone: string): ReportBlock {
  if (findings.length === 0) return { kind: "paragraph", text: "The checks found nothing wrong." };
  const date = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
  const open = findings.toSorted(
    (a, b) => Number(a.resolvedAt !== null) - Number(b.resolvedAt !== null) || b.from - a.from,
  );
  const rows = open
    .slice(0, MOST_FINDINGS)
    .map(({ fault, reason, from, resolvedAt }) => [
      shownText(FAULTS[fault].label),
      shownText(reason),
      shownText(date.format(from)),
      shownText(resolvedAt === null ? FAULTS[fault].remedy : `Over since ${date.format(resolvedAt)}.`),
    ]);
  const columns = ["What", "Seen", "From", "What to do"].map((label) => ({ label, type: "text" as const }));
  return { kind: "table", columns, rows, more: findings.length - rows.length };
}

export const quality = defineSection("quality", {
  label: "Data quality",
  about: "The score of the data, and what its checks found in the period.",
  async make(_, { site, span, quality: told }) {
    const [now, before] = await Promise.all([told(span.period), span.comparison && told(span.comparison)]);
    const figures: ReportBlock = { kind: "figures", figures: [scoreFigure(now, before)] };
    const path = `/sites/${encodeURIComponent(site.id)}/quality`;
    return [{ title: "Data quality", blocks: [figures, findingsBlock(now, site.timeZone)], path }];
  },
});
