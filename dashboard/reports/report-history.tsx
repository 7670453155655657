// What was sent to whom: its outcome, the very files, whether it was opened, and which sections were followed.
import { useEffect, useState } from "preact/hooks";
import type { ReportDelivery, ReportSchedule } from "../../workers/domain/report-schedule.ts";
import type { Failure } from "../state/api.ts";
import { counted } from "../state/format.ts";
import type { Listed } from "../state/listed.ts";
import { sectionName } from "../state/report-draft.ts";
import { type DeliveriesPage, deliveryFile, loadReportDeliveries, resendDelivery } from "../state/report-schedules.ts";
import { loadReport } from "../state/reports.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { Sideways } from "../ui/sideways.tsx";
import { momentText } from "./moment-text.ts";

const STATE = { due: "Waits", sent: "Sent", failed: "Failed", unsubscribed: "Unsubscribed" } as const;
const BYTES = new Intl.NumberFormat(undefined, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
const KB = 1000;

/** The pages after the first; from the first anew whenever that is loaded again. */
function useOlder(siteId: string, first: DeliveriesPage | null) {
  const [older, setOlder] = useState<DeliveriesPage[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => setOlder([]), [first]);
  const next = (older.at(-1) ?? first)?.next ?? null;
  const more = async () => {
    const reply = await loadReportDeliveries(siteId, next);
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setOlder([...older, reply.value]);
  };
  return { older: older.flatMap(({ deliveries }) => deliveries), more: next === null ? null : more, failure };
}

function Files({ siteId, delivery }: { siteId: string; delivery: ReportDelivery }) {
  if (delivery.files.length === 0) return <span class="faint">None kept</span>;
  return (
    <ul>
      {delivery.files.map(({ name, bytes, kept }) => (
        <li key={name}>
          {kept ? (
            <a href={deliveryFile(siteId, delivery.id, name)} download={name}>
              {name}
            </a>
          ) : (
            `${name} (not kept)`
          )}{" "}
          <span class="faint">{BYTES.format(Math.max(1, Math.round(bytes / KB)))}</span>
        </li>
      ))}
    </ul>
  );
}

function Opened({ delivery, nameOf }: { delivery: ReportDelivery; nameOf: (id: string) => string }) {
  const { openedAt, opens, sections } = delivery;
  if (openedAt === null) return <span class="faint">Not yet</span>;
  return (
    <>
      {momentText(openedAt)}, {counted(opens, "time")}
      {sections.length > 0 && <span class="faint"> Followed: {sections.map(nameOf).join(", ")}</span>}
    </>
  );
}

interface HistoryProps {
  siteId: string;
  list: Listed<DeliveriesPage>;
  schedules: readonly ReportSchedule[];
  reportName: (id: string) => string;
}

/** Names of followed sections, by report; of those that are gone, or not yet read, the id stands. */
function useSectionNames(siteId: string, deliveries: readonly ReportDelivery[]) {
  const [names, setNames] = useState<Readonly<Record<string, Readonly<Record<string, string>>>>>({});
  const followed = deliveries.flatMap(({ reportId, sections }) => (sections.length > 0 && reportId ? [reportId] : []));
  const wanted = [...new Set(followed)].toSorted().join(" ");
  useEffect(() => {
    for (const id of wanted.split(" ").filter((one) => one !== "" && !names[one])) {
      void loadReport(siteId, id).then((reply) => {
        if (!reply.ok) return;
        const known = Object.fromEntries(reply.value.sections.map((section) => [section.id, sectionName(section)]));
        setNames((before) => ({ ...before, [id]: known }));
      });
    }
  }, [siteId, wanted]);
  return (reportId: string | null, id: string): string => names[reportId ?? ""]?.[id] ?? id;
}

interface RowProps extends HistoryProps {
  delivery: ReportDelivery;
  nameOf: (reportId: string | null, section: string) => string;
}

function Row({ siteId, list, schedules, reportName, nameOf, delivery }: RowProps) {
  const { id, dueAt, recipient, state, tries, told, reportId, scheduleId } = delivery;
  const schedule = schedules.find((one) => one.id === scheduleId)?.name;
  const what = reportId === null ? "Raw events" : reportName(reportId);
  return (
    <tr>
      <td>{momentText(dueAt)}</td>
      <td>
        {what}
        {schedule && schedule !== what && <span class="faint"> {schedule}</span>}
      </td>
      <td>{recipient}</td>
      <td>
        {STATE[state]}
        {tries > 1 && `, ${tries} tries`}
        {state !== "sent" && told !== "" && <span class="faint"> {told}</span>}
      </td>
      <td>
        <Files siteId={siteId} delivery={delivery} />
      </td>
      <td>
        <Opened delivery={delivery} nameOf={(section) => nameOf(reportId, section)} />
      </td>
      <td>
        {state !== "due" && state !== "unsubscribed" && (
          <button
            type="button"
            class="button small"
            aria-label={`Resend ${what} to ${recipient}`}
            onClick={() => void list.change(resendDelivery(siteId, id))}
          >
            Resend
          </button>
        )}
      </td>
    </tr>
  );
}

const HEADS = ["Due", "What", "Recipient", "Outcome", "Files", "Opened", "Again"];

export function ReportHistory(props: HistoryProps) {
  const { siteId, list } = props;
  const { items, failure, load } = list;
  const first = items?.[0] ?? null;
  const { older, more, failure: notMore } = useOlder(siteId, first);
  const deliveries = [...(first?.deliveries ?? []), ...older];
  const failed = failure ?? notMore;
  const nameOf = useSectionNames(siteId, deliveries);
  return (
    <section class="panel form" aria-label="History">
      <div class="section-head">
        <h2>History</h2>
        <button type="button" class="button small" onClick={() => void load()}>
          Refresh
        </button>
      </div>
      {failed && <Failed failure={failed} onRetry={() => void (notMore ? more?.() : load())} />}
      {!items && !failure && <Skeleton lines={3} />}
      {first && deliveries.length === 0 && <p>Nothing was sent yet.</p>}
      {deliveries.length > 0 && (
        <Sideways label="History" kind="alert-table report-history">
          <table>
            <thead>
              <tr>
                {HEADS.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {deliveries.map((delivery) => (
                <Row key={delivery.id} {...props} delivery={delivery} nameOf={nameOf} />
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
      {more && (
        <button type="button" class="button" onClick={() => void more()}>
          Show older ones
        </button>
      )}
    </section>
  );
}
