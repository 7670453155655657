// Which features are used, by how many, and whether they come back to them.

import { amountOf } from "../../workers/domain/money.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type ListRow, RowList } from "../charts/row-list.tsx";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { Panel } from "../panels/panel.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { useAnswer } from "../state/answers.ts";
import { localDay } from "../state/days.ts";
import {
  adoptionQuestion,
  dailyUsersQuestion,
  type Feature,
  featuresQuestion,
  stickiness,
  usageQuestion,
  usersQuestion,
} from "../state/feature-questions.ts";
import { formatCount, formatPercent } from "../state/format.ts";
import { useViewing } from "../state/viewing.ts";
import { Choice } from "../ui/choice.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

const KINDS = [
  { id: "feature", label: "Features" },
  { id: "event", label: "Custom events" },
] as const;

function useFeatures(kind: Feature["kind"]) {
  const viewing = useViewing();
  const question = featuresQuestion(viewing, kind);
  const answer = useAnswer(question);
  const fits = answer.result?.query.dimensions[0] === question.dimensions?.[0];
  const list = fits
    ? answer.result?.results.map(({ dimensions, metrics }) => ({
        feature: { kind, value: dimensions[0] ?? "" },
        users: amountOf(metrics[0]) ?? 0,
        uses: amountOf(metrics[1]) ?? 0,
      }))
    : undefined;
  return { ...answer, list: list ?? null };
}

/** The share of all visitors who used it, and of them the share that uses it on a usual day. */
function Shares({ feature }: { feature: Feature }) {
  const viewing = useViewing();
  const { site, calendar } = viewing;
  const used = amountOf(useAnswer(usersQuestion(viewing, feature)).result?.results[0]?.metrics[0]);
  const all = amountOf(useAnswer(usersQuestion(viewing, null)).result?.results[0]?.metrics[0]);
  const { result } = useAnswer(dailyUsersQuestion(viewing, feature));
  const today = localDay(Date.now(), site.timeZone);
  const byDay = new Map(
    result?.results.map(({ dimensions, metrics }) => [dimensions[0] ?? "", amountOf(metrics[0]) ?? 0]),
  );
  const days = (result?.meta.time_labels ?? []).filter((day) => day <= today && day >= calendar.firstDay);
  const sticky =
    used === null
      ? null
      : stickiness(
          days.map((day) => byDay.get(day) ?? 0),
          used,
        );
  return (
    <div class="numbers">
      <div class="number">
        <span class="number-label">Used by</span>
        <span class="number-value">{formatCount(used)}</span>
        <span class="faint">visitors</span>
      </div>
      <div class="number">
        <span class="number-label">Adoption</span>
        <span class="number-value">{formatPercent(used !== null && all ? (100 * used) / all : null)}</span>
        <span class="faint">of all visitors</span>
      </div>
      <div class="number" title="The mean of each day's users over all users of the period">
        <span class="number-label">Stickiness</span>
        <span class="number-value">{formatPercent(sticky)}</span>
        <span class="faint">of its users on a usual day</span>
      </div>
    </div>
  );
}

function Detail({ feature }: { feature: Feature }) {
  const viewing = useViewing();
  const { site } = viewing;
  return (
    <div class="explored">
      <section class="panel card" aria-label={feature.value}>
        <h2>{feature.value}</h2>
        <Shares feature={feature} />
      </section>
      <AnswerPanel site={site} title="Over time" asked={usageQuestion(viewing, feature)} />
      <AnswerPanel site={site} title="From seeing to keeping" asked={adoptionQuestion(viewing, feature)} />
    </div>
  );
}

function Features() {
  const { view, set } = useViewing();
  const kind = KINDS.find(({ id }) => id === view.own.kind)?.id ?? "feature";
  const { list, failure, retry, loading } = useFeatures(kind);
  const chosen = list?.find(({ feature }) => feature.value === view.own.feature) ?? list?.[0];
  const most = list?.[0]?.users ?? 0;
  const rows = (list ?? []).map(
    ({ feature, users, uses }): ListRow => ({
      key: feature.value,
      name: <span class="value">{feature.value}</span>,
      share: most > 0 ? users / most : 0,
      figures: [formatCount(users), formatCount(uses)],
      hint: `Show ${feature.value}`,
      chosen: feature.value === chosen?.feature.value,
      onChoose: () => set({ feature: feature.value }, { replace: true }),
    }),
  );
  return (
    <div class={list?.length === 0 ? "beside-answer alone" : "beside-answer"}>
      <Panel
        title="Features"
        aside={
          <Choice
            label="Of"
            chosen={kind}
            options={KINDS}
            onChoose={(id) => set({ kind: id === "feature" ? null : id, feature: null })}
          />
        }
      >
        {failure && <Failed failure={failure} onRetry={retry} />}
        {!failure && !list && <Skeleton lines={8} />}
        {rows.length > 0 && <RowList columns={["Feature", "Visitors", "Uses"]} main={0} rows={rows} faded={loading} />}
        {list?.length === 0 && (
          <Empty title="No feature was used in this period">
            Send{" "}
            <code>
              edgewise("feature_used", {"{"} props: {"{"} feature: "export" {"}"} {"}"})
            </code>{" "}
            when one is, or look at your custom events.
          </Empty>
        )}
      </Panel>
      {chosen && <Detail key={`${kind} ${chosen.feature.value}`} feature={chosen.feature} />}
    </div>
  );
}

export function FeaturesPage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Features" plain>
      <Features />
    </ViewingFrame>
  );
}
