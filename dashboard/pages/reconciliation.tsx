// Another tool's count beside ours: how far apart they are, why, and where.
import { useEffect, useState } from "preact/hooks";
import type { History } from "../../workers/domain/history.ts";
import {
  CAUSES,
  type Compared,
  type ComparedList,
  type Explanation,
  type Reconciliation,
} from "../../workers/domain/reconciliation.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { SitePageProps } from "../app.tsx";
import { SortableTable } from "../charts/sortable-table.tsx";
import { Panel, PanelTabs } from "../panels/panel.tsx";
import type { Failure } from "../state/api.ts";
import { formatExact, formatPercent, sentence } from "../state/format.ts";
import {
  amountText,
  comparedTable,
  loadHistories,
  loadReconciliation,
  MEASURES,
  summaryOf,
  toolName,
  verdictOf,
} from "../state/history.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { itemHref, navigate, siteHref } from "../state/router.ts";
import { Field } from "../ui/field.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { TimeZoneInput } from "../ui/time-zone-input.tsx";

function Why({
  explained,
  untraceable,
  tool,
}: {
  explained: Explanation;
  untraceable: readonly string[];
  tool: string;
}) {
  const { causes, unexplained, difference } = explained;
  return (
    <Panel title="Why" wide>
      <p class="verdict">{verdictOf(explained, tool)}</p>
      {causes.length > 0 && (
        <ul class="causes">
          {causes.map(({ cause, amount, share, atMost, evidence }) => (
            <li key={cause}>
              <p>
                <b>{CAUSES[cause]}</b>
                <span class="cause-amount">
                  {amountText(amount, atMost)}
                  {share !== null && <span class="faint"> · {formatPercent(share)} of the difference</span>}
                </span>
              </p>
              <p class="faint">{sentence(evidence)}</p>
            </li>
          ))}
        </ul>
      )}
      {difference !== null && difference !== 0 && (
        <p>
          {unexplained === 0 ? (
            "Nothing is left unexplained."
          ) : (
            <>
              <b>{formatExact(Math.abs(unexplained ?? 0))} remain unexplained.</b> These causes leave no trace here:{" "}
              {untraceable.join("; ")}.
            </>
          )}
        </p>
      )}
    </Panel>
  );
}

interface ListProps {
  title: string;
  label: string;
  list: ComparedList | null;
  measure: Compared;
  tool: string;
  empty: string;
}

function List({ title, label, list, measure, tool, empty }: ListProps) {
  return (
    <Panel title={title} wide>
      {list === null && <p class="faint">The export does not tell of them.</p>}
      {list && (
        <SortableTable
          model={comparedTable(list.rows, { measure, label, tool, empty })}
          caption={`${title}, both counts`}
        />
      )}
      {list && list.total > list.rows.length && (
        <p class="faint">
          The {formatExact(list.rows.length)} that differ most, of {formatExact(list.total)}.
        </p>
      )}
    </Panel>
  );
}

function Comparison({ result }: { result: Reconciliation }) {
  const [measure, setMeasure] = useState<Compared>("pageviews");
  const tool = toolName(result.history.tool);
  const explained = result.explained.find((one) => one.measure === measure);
  const days = { rows: result.days, total: result.days.length };
  const of = { measure, tool };
  return (
    <div class="compared">
      <div class="options">
        <PanelTabs
          label="What is compared"
          tabs={MEASURES}
          chosen={measure}
          onChoose={(id) => setMeasure(MEASURES.find((one) => one.id === id)?.id ?? measure)}
        />
      </div>
      <div class="panels">
        {explained && <Why explained={explained} untraceable={result.untraceable} tool={tool} />}
        <List title="By day" label="Day" list={days} empty="" {...of} />
        <List title="By page" label="Page" list={result.pages} empty="(none)" {...of} />
        <List title="By source" label="Source" list={result.sources} empty="Direct / None" {...of} />
      </div>
      {measure === "visitors" && (
        <p class="faint">Visitors of days are added up on both sides, since exports know no others.</p>
      )}
    </div>
  );
}

function useReconciliation(site: Site, history: History, timeZone: string) {
  const [result, setResult] = useState<Reconciliation | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    setFailure(null);
    setResult(null);
    const reply = await loadReconciliation(site.id, { history: history.id, timeZone });
    if (reply.ok) setResult(reply.value);
    else setFailure(reply.failure);
  };
  useEffect(() => void load(), [history.id, timeZone]);
  return { result, failure, load };
}

function Compare({ site, history, all }: { site: Site; history: History; all: readonly History[] }) {
  const [timeZone, setTimeZone] = useState(site.timeZone);
  const [draft, setDraft] = useState(site.timeZone);
  const { result, failure, load } = useReconciliation(site, history, timeZone);
  return (
    <>
      <form
        class="access-form"
        onSubmit={(event) => {
          event.preventDefault();
          setTimeZone(draft.trim());
        }}
      >
        {all.length > 1 && (
          <SelectInput
            label="History"
            value={history.id}
            options={all.map(({ id }) => id)}
            text={(id) => all.find((one) => one.id === id)?.name ?? id}
            onValue={(id) => navigate(itemHref(site.id, "reconciliation", id))}
          />
        )}
        <Field label="Their time zone">{({ id }) => <TimeZoneInput id={id} value={draft} onChange={setDraft} />}</Field>
        <button type="submit" class="button">
          Count anew
        </button>
      </form>
      <p class="compared-of faint">
        {history.name} of {toolName(history.tool)}, {summaryOf(history)}.
      </p>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!result && !failure && <Skeleton lines={8} />}
      {result && <Comparison result={result} />}
    </>
  );
}

export function ReconciliationPage({ site, item }: SitePageProps) {
  const { items, failure, load } = useListed(site.id, async () =>
    mapReply(await loadHistories(site.id), ({ histories }) => histories),
  );
  const history = item === undefined ? items?.[0] : items?.find(({ id }) => id === item);
  return (
    <>
      <div class="page-head">
        <h1>Reconciliation</h1>
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={6} />}
      {items && !history && (
        <Empty title={item === undefined ? "Nothing to compare with yet" : "There is no such history"}>
          Import another tool's export under <a href={siteHref(site.id, "settings")}>Settings</a>, and both counts are
          laid side by side here.
        </Empty>
      )}
      {items && history && <Compare key={history.id} site={site} history={history} all={items} />}
    </>
  );
}
