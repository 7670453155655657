// The reports of a site, and how to begin one: empty, or from a template.
import { useEffect, useState } from "preact/hooks";
import type { ReportSchedule } from "../../workers/domain/report-schedule.ts";
import type { Site } from "../../workers/domain/site.ts";
import { CardList } from "../panels/card-list.tsx";
import type { Failure } from "../state/api.ts";
import { counted, formatDate } from "../state/format.ts";
import type { Listed } from "../state/listed.ts";
import { nextOf } from "../state/report-schedules.ts";
import { type ListedReport, loadReportTemplates, makeReport, type ReportTemplate } from "../state/reports.ts";
import { itemHref, navigate } from "../state/router.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed } from "../ui/notice.tsx";
import { momentText } from "./moment-text.ts";

function useTemplates(siteId: string) {
  const [templates, setTemplates] = useState<ReportTemplate[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    void loadReportTemplates(siteId).then((reply) =>
      reply.ok ? setTemplates(reply.value.templates) : setFailure(reply.failure),
    );
  }, [siteId]);
  return { templates, failure };
}

export function NewReportDialog({ site, onClose }: { site: Site; onClose: () => void }) {
  const { templates, failure } = useTemplates(site.id);
  const [name, setName] = useState("");
  const [template, setTemplate] = useState<ReportTemplate | null>(null);
  const make = async () => {
    const reply = await makeReport(site.id, { ...template?.report, name });
    if (!reply.ok) return reply.failure;
    navigate(itemHref(site.id, "reports", reply.value.id));
    return null;
  };
  const choose = (chosen: ReportTemplate | null) => {
    setTemplate(chosen);
    if (name === "" || templates.some(({ label }) => label === name)) setName(chosen?.label ?? "");
  };
  return (
    <DialogForm
      title="New report"
      action="Make report"
      wide
      onClose={onClose}
      onSubmit={make}
      fields={(errors) => (
        <>
          {failure && <Failed failure={failure} />}
          <fieldset class="templates" aria-label="Begin with">
            {[null, ...templates].map((one) => (
              <button
                key={one?.name ?? ""}
                type="button"
                class="template"
                aria-pressed={template?.name === one?.name}
                onClick={() => choose(one)}
              >
                <b>{one?.label ?? "Empty"}</b>
                <span class="faint">{one?.about ?? "Add sections one by one."}</span>
                {one && one.packs.length > 0 && <span class="faint">With {one.packs.join(", ")}</span>}
              </button>
            ))}
          </fieldset>
          <TextInput label="Name" required value={name} onValue={setName} error={errorAt(errors, "name")} />
        </>
      )}
    />
  );
}

function ReportCard({
  site,
  report,
  next,
  known,
}: {
  site: Site;
  report: ListedReport;
  next: number | null;
  known: boolean;
}) {
  return (
    <li>
      <a class="panel board-card" href={itemHref(site.id, "reports", report.id)}>
        <b>{report.name}</b>
        <span class="faint">{report.about}</span>
        <span class="faint board-card-foot">
          {counted(report.sections, "section")}
          {report.createdBy && ` · by ${report.createdBy.name}`} · changed {formatDate(report.updatedAt)}
          {report.visibility === "private" && " · private"}
        </span>
        <span class="report-next">
          <Icon name="calendar" size={14} />
          {next !== null ? `Next ${momentText(next)}` : known ? "Not scheduled" : "Not known when it goes out"}
        </span>
      </a>
    </li>
  );
}

interface ReportListProps {
  site: Site;
  list: Listed<ListedReport>;
  /** Null while it is not known when anything goes out. */
  schedules: readonly ReportSchedule[] | null;
  mayDefine: boolean;
}

export function ReportList({ site, list, schedules, mayDefine }: ReportListProps) {
  return (
    <CardList
      title="Reports"
      list={list}
      card={(report) => (
        <ReportCard
          key={report.id}
          site={site}
          report={report}
          next={schedules && nextOf(schedules, report.id)}
          known={schedules !== null}
        />
      )}
      making={mayDefine ? "New report" : null}
      dialog={(onClose) => <NewReportDialog site={site} onClose={onClose} />}
      empty={{
        title: "No reports yet",
        text: "A report tells what changed and why, to people who do not open dashboards. Begin with a template, then say when and to whom it goes.",
      }}
    />
  );
}
