// One report: composed at the left, looked at on the right. Who may not change it sees it as it would arrive.
import { useMemo, useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import type { NewReport, ReportSection, SectionKind } from "../../workers/domain/report.ts";
import type { Site } from "../../workers/domain/site.ts";
import { calendarOf } from "../state/periods.ts";
import {
  complaintOf,
  MOST_REPORT_SECTIONS,
  newSection,
  replaced,
  SECTIONS,
  sectionKinds,
  sectionName,
} from "../state/report-draft.ts";
import { type ReportEditing, useReportEditing } from "../state/report-editing.ts";
import { siteHref } from "../state/router.ts";
import { mayIn } from "../state/session.ts";
import { parseView } from "../state/view.ts";
import { ViewingContext, viewingOf } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { ReportPreview } from "./report-preview.tsx";
import { ReportSettings } from "./report-settings.tsx";
import { ReportTools } from "./report-tools.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";
import { SectionFields } from "./section-fields.tsx";
import { SectionList } from "./section-list.tsx";

function AddSection({ onAdd }: { onAdd: (kind: SectionKind) => void }) {
  return (
    <Menu
      plain
      title="Add a section"
      label={
        <>
          <Icon name="plus" />
          Section
        </>
      }
    >
      {(close) =>
        sectionKinds.map((kind) => (
          <MenuItem
            key={kind}
            title={SECTIONS[kind].about}
            onChoose={() => {
              close();
              onAdd(kind);
            }}
          >
            <span class="report-kind">
              <Icon name={SECTIONS[kind].icon} />
              {SECTIONS[kind].label}
            </span>
          </MenuItem>
        ))
      }
    </Menu>
  );
}

interface ComposerProps {
  site: Site;
  draft: NewReport;
  change: (part: Partial<NewReport>) => void;
  errors: readonly FieldError[];
}

function Composer({ site, draft, change, errors }: ComposerProps) {
  const [open, setOpen] = useState<string | null>(null);
  const { sections } = draft;
  const setSections = (next: ReportSection[]) => change({ sections: next });
  const add = (kind: SectionKind) => {
    const section = newSection(kind, crypto.randomUUID());
    setSections([...sections, section]);
    setOpen(section.id);
  };
  const isWrong = (index: number) => errors.some(({ path }) => complaintOf(path)?.section === index);
  return (
    <div class="report-composer">
      <section class="panel form" aria-label="Sections of the report">
        <div class="section-head">
          <h2>Sections</h2>
          {sections.length < MOST_REPORT_SECTIONS && <AddSection onAdd={add} />}
        </div>
        {sections.length === 0 && <p>Nothing in it yet. Insights and key figures make a good beginning.</p>}
        <SectionList
          sections={sections}
          onSections={setSections}
          open={open}
          onOpen={setOpen}
          wrong={isWrong}
          editor={(section, index) => (
            <SectionFields
              site={site}
              section={section}
              change={(next) => setSections(replaced(sections, next))}
              errors={errors}
              path={`sections.${index}`}
            />
          )}
        />
      </section>
      <section class="panel form" aria-label="Settings of the report">
        <h2>Settings</h2>
        <ReportSettings site={site} draft={draft} change={change} errors={errors} />
      </section>
    </div>
  );
}

/** What was not saved, and why: complaints about fields stand at these too, but a section may be shut. */
function Refused({ editing, draft }: { editing: ReportEditing; draft: NewReport }) {
  const { refused, stale, save, discard } = editing;
  if (!refused) return null;
  if (stale) {
    return (
      <div class="banner report-stale" role="alert">
        <p>Somebody else has changed this report meanwhile. Your changes are not saved yet.</p>
        <div class="actions">
          <button type="button" class="button" onClick={() => void discard()}>
            Show theirs
          </button>
          <button type="button" class="button" onClick={() => void save({ over: true })}>
            Save mine over theirs
          </button>
        </div>
      </div>
    );
  }
  const named = ({ path, message }: FieldError): string => {
    const complaint = complaintOf(path);
    const section = complaint ? draft.sections[complaint.section] : undefined;
    return section ? `${sectionName(section)}: ${message}` : `${path}: ${message}`;
  };
  return (
    <div class="banner" role="alert">
      <p>It is not saved. {refused.errors.length === 0 && refused.detail}</p>
      <ul>
        {refused.errors.map((error) => (
          <li key={error.path}>{named(error)}</li>
        ))}
      </ul>
    </div>
  );
}

export function ReportView({ site, id }: { site: Site; id: string }) {
  const editing = useReportEditing(site.id, id);
  const [told, setTold] = useState<string | null>(null);
  const [scheduling, setScheduling] = useState(false);
  const { base, draft, failure, refused, change, load } = editing;
  const mayDefine = mayIn(site.teamId, "define");
  const maySend = mayIn(site.teamId, "shares");
  const viewing = useMemo(() => {
    const calendar = calendarOf({ timeZone: site.timeZone, since: site.createdAt }, Date.now());
    return viewingOf({ site, view: parseView(""), calendar });
  }, [site]);
  if (failure) return <Failed failure={failure} onRetry={() => void load()} />;
  if (!base || !draft) return <Skeleton lines={8} />;
  return (
    <ViewingContext.Provider value={viewing}>
      <div class="page-head report-head">
        <div>
          <a class="faint" href={siteHref(site.id, "reports")}>
            Reports
          </a>
          <h1>{draft.name || "Report"}</h1>
        </div>
        <ReportTools
          site={site}
          editing={editing}
          mayDefine={mayDefine}
          onSchedule={maySend ? () => setScheduling(true) : null}
          onTold={setTold}
        />
      </div>
      <p class="report-told" role="status">
        {told}
      </p>
      <Refused editing={editing} draft={draft} />
      <div class={mayDefine ? "report-builder" : ""}>
        {mayDefine && <Composer site={site} draft={draft} change={change} errors={refused?.errors ?? []} />}
        <ReportPreview siteId={site.id} report={mayDefine ? draft : base.id} />
      </div>
      {scheduling && (
        <ScheduleDialog
          site={site}
          reports={[base]}
          reportId={base.id}
          schedule={null}
          onSaved={() => setTold("It is scheduled. All schedules are listed under Reports.")}
          onClose={() => setScheduling(false)}
        />
      )}
    </ViewingContext.Provider>
  );
}
