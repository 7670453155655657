// The reports of a site, and how to begin one: empty, or from a template.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import type { Failure } from "../state/api.ts";
import { counted, formatDate } from "../state/format.ts";
import type { Listed } from "../state/listed.ts";
import { type ListedReport, loadReportTemplates, makeReport, type ReportTemplate } from "../state/reports.ts";
import { itemHref, navigate } from "../state/router.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

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

function ReportCard({ site, report }: { site: Site; report: ListedReport }) {
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
      </a>
    </li>
  );
}

interface ReportListProps {
  site: Site;
  list: Listed<ListedReport>;
  mayDefine: boolean;
}

export function ReportList({ site, list, mayDefine }: ReportListProps) {
  const { items, failure, load } = list;
  const [making, setMaking] = useState(false);
  const begin = mayDefine && (
    <button type="button" class="button primary" onClick={() => setMaking(true)}>
      <Icon name="plus" />
      New report
    </button>
  );
  return (
    <>
      <div class="page-head">
        <h1>Reports</h1>
        {items && items.length > 0 && begin}
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={4} />}
      {items?.length === 0 && (
        <section class="panel">
          <Empty title="No reports yet">
            <p>
              A report tells what changed and why, to people who do not open dashboards. Begin with a template, then say
              when and to whom it goes.
            </p>
            {begin}
          </Empty>
        </section>
      )}
      {items && items.length > 0 && (
        <ul class="board-list">
          {items.map((report) => (
            <ReportCard key={report.id} site={site} report={report} />
          ))}
        </ul>
      )}
      {making && <NewReportDialog site={site} onClose={() => setMaking(false)} />}
    </>
  );
}
