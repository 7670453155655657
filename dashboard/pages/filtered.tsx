// What was sent and not counted: how much, why, when, what it was, and what can be done about it.
import { useEffect, useState } from "preact/hooks";
import type { Filtered } from "../../workers/api/answers.ts";
import type { Site } from "../../workers/domain/site.ts";
import { Chart } from "../charts/chart.tsx";
import { Panel } from "../panels/panel.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { refreshes } from "../state/answers.ts";
import type { Failure, Reply } from "../state/api.ts";
import { daysContent, labelOf, loadFiltered, remedyOf, type Sample, undoingOf } from "../state/filtered.ts";
import { formatExact, formatPercent } from "../state/format.ts";
import { daysOf } from "../state/periods.ts";
import { siteHref } from "../state/router.ts";
import { mayIn } from "../state/session.ts";
import { useViewing } from "../state/viewing.ts";
import { ColumnHeads } from "../ui/column-heads.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { Sideways } from "../ui/sideways.tsx";

/** Some is never told as none. */
const shareText = (share: number | null): string =>
  share !== null && share > 0 && share < 0.05 ? "under 0.1%" : formatPercent(share);

function Summary({ filtered, counted, share }: Filtered) {
  return (
    <p class="filtered-summary">
      <b>{formatExact(filtered)}</b> of {formatExact(filtered + counted)} events were filtered
      {share !== null && <>, {shareText(share)} of all that came</>}. {formatExact(counted)} were counted.
    </p>
  );
}

function Reasons({ site, reasons }: { site: Site; reasons: Filtered["reasons"] }) {
  return (
    <Sideways kind="sortable-scroll plan-table filtered-table" label="Reasons">
      <table>
        <caption class="unseen">Filtered events by reason</caption>
        <ColumnHeads names={["Reason", "What it means", "Events", "Of all", "Where it is set"]} />
        <tbody>
          {reasons.map(({ reason, about, count, share }) => {
            const remedy = remedyOf(reason);
            return (
              <tr key={reason}>
                <th scope="row">{labelOf(reason)}</th>
                <td class="faint">{about}</td>
                <td>{formatExact(count)}</td>
                <td>{shareText(share)}</td>
                <td>{remedy && <a href={siteHref(site.id, remedy.page)}>{remedy.text}</a>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Sideways>
  );
}

function SampleRow({
  site,
  sample,
  onFailure,
}: {
  site: Site;
  sample: Sample;
  onFailure: (failure: Failure | null) => void;
}) {
  const undoing = mayIn(site.teamId, "settings") ? undoingOf(sample, site) : null;
  const isDone = sample.reason === "hostname" && site.hostnames.includes(sample.detail);
  const undo = async () => {
    const reply = await undoing?.undo();
    onFailure(reply && !reply.ok ? reply.failure : null);
  };
  return (
    <tr>
      <th scope="row">
        <code>{sample.detail}</code>
      </th>
      <td>{labelOf(sample.reason)}</td>
      <td>{formatExact(sample.count)}</td>
      <td class="faint">{sample.lastDay}</td>
      <td>
        {undoing && (
          <button type="button" class="button small" onClick={() => void undo()}>
            {undoing.text}
            <span class="unseen"> {sample.detail}</span>
          </button>
        )}
        {isDone && <span class="faint">Allowed now</span>}
      </td>
    </tr>
  );
}

function Samples({ site, samples, keptDays }: { site: Site } & Pick<Filtered, "samples" | "keptDays">) {
  const [failure, setFailure] = useState<Failure | null>(null);
  return (
    <>
      <p class="faint">
        What some of them were refused for: a host, a bot’s name, an excluded page, a wrong field. Never who sent them,
        which address, or what they carried. A few of each reason a day, kept for {keptDays} days.
      </p>
      {failure && <Failed failure={failure} />}
      {samples.length === 0 && <Empty title="No samples in this period" />}
      {samples.length > 0 && (
        <Sideways kind="sortable-scroll plan-table filtered-table" label="Samples">
          <table>
            <caption class="unseen">Samples of what was refused</caption>
            <ColumnHeads names={["Refused for", "Reason", "At least", "Last day", "Change"]} />
            <tbody>
              {samples.map((sample) => (
                <SampleRow
                  key={`${sample.reason} ${sample.detail}`}
                  site={site}
                  sample={sample}
                  onFailure={setFailure}
                />
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </>
  );
}

function useFiltered(siteId: string, days: ReturnType<typeof daysOf>) {
  const [reply, setReply] = useState<Reply<Filtered> | null>(null);
  const turn = refreshes.value;
  const key = days.join();
  const load = () => void loadFiltered(siteId, days).then(setReply);
  useEffect(load, [siteId, key, turn]);
  return { reply, load };
}

function Contents() {
  const { site, view, calendar } = useViewing();
  const { reply, load } = useFiltered(site.id, daysOf(view.period, calendar));
  if (!reply) return <Skeleton lines={6} />;
  if (!reply.ok) return <Failed failure={reply.failure} onRetry={load} />;
  const told = reply.value;
  if (told.filtered === 0) {
    return (
      <Empty title="Nothing was filtered in this period">
        Events of bots, of hosts and pages that the site leaves out, of visitors who refuse, and malformed ones are
        counted here instead of in the figures.
      </Empty>
    );
  }
  return (
    <>
      <Panel title="By day and reason" wide>
        <Summary {...told} />
        <Chart
          name="stacked"
          content={daysContent(told)}
          title="Filtered events by day and reason"
          asked={{ site_id: site.id, metrics: ["events"], date_range: "7d" }}
          timeZone={site.timeZone}
        />
      </Panel>
      <Panel title="Reasons" wide>
        <Reasons site={site} reasons={told.reasons} />
      </Panel>
      <Panel title="Samples" wide>
        <Samples site={site} {...told} />
      </Panel>
    </>
  );
}

export function FilteredPage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Filtered" plain filterless>
      <div class="panels plan">
        <Contents />
      </div>
    </ViewingFrame>
  );
}
