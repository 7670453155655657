// How long the site keeps what: the rules, what they would do now, the legal hold, the archive.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { SortableTable } from "../charts/sortable-table.tsx";
import type { Failure } from "../state/api.ts";
import {
  type ArchivedDay,
  archiveTable,
  type DryRun,
  dryRun,
  liftHold,
  loadArchive,
  monthsOf,
  reportPath,
  saveRetention,
  setHold,
  textOfMonths,
  totalsTable,
} from "../state/retention.ts";
import { errorAt, Switch, TextInput } from "../ui/field.tsx";
import { SavedForm } from "../ui/saved-form.tsx";

const DEFAULT_AFTER_DAYS = 35;

function RulesForm({ site }: { site: Site }) {
  const { retention } = site;
  const [events, setEvents] = useState(textOfMonths(retention.events));
  const [imports, setImports] = useState(textOfMonths(retention.imports));
  const [isArchived, setArchived] = useState(retention.archive !== null);
  const [afterDays, setAfterDays] = useState(String(retention.archive?.afterDays ?? DEFAULT_AFTER_DAYS));
  const [archived, setArchivedMonths] = useState(textOfMonths(retention.archive?.months ?? null));
  const submit = () =>
    saveRetention(site.id, {
      events: monthsOf(events),
      imports: monthsOf(imports),
      archive: isArchived ? { afterDays: Number(afterDays), months: monthsOf(archived) } : null,
    });
  const months = (failure: Failure | null, path: string) => ({
    type: "number" as const,
    hint: "Months; empty keeps them for ever.",
    error: errorAt(failure?.errors ?? [], path),
  });
  return (
    <SavedForm
      title="How long data is kept"
      about="Whole UTC days go once they are older. Charts of days that are gone stay: counts without any id are kept for ever."
      action="Save"
      done="Saved"
      onSubmit={submit}
      fields={(failure) => (
        <>
          {!isArchived && (
            <TextInput
              label="Collected events"
              value={events}
              onValue={setEvents}
              {...months(failure, "retention.events")}
            />
          )}
          <TextInput
            label="Imported events"
            value={imports}
            onValue={setImports}
            {...months(failure, "retention.imports")}
          />
          <Switch
            label="Archive older days"
            hint="As Parquet files in the deployment's bucket. Questions about them are answered as before, more slowly."
            checked={isArchived}
            onChange={setArchived}
          />
          {isArchived && (
            <>
              <TextInput
                label="Archive after"
                type="number"
                value={afterDays}
                onValue={setAfterDays}
                hint="Days, 7 or more."
                error={errorAt(failure?.errors ?? [], "retention.archive.afterDays")}
              />
              <TextInput
                label="Collected events in the archive"
                value={archived}
                onValue={setArchivedMonths}
                {...months(failure, "retention.archive.months")}
              />
            </>
          )}
        </>
      )}
    />
  );
}

function HoldForm({ site }: { site: Site }) {
  const [reason, setReason] = useState("");
  const hold = site.retention.legalHold;
  if (hold) {
    return (
      <SavedForm
        title="Legal hold"
        about={`Nothing of this site is removed, and requests for erasure wait: ${hold.reason}`}
        action="Lift the hold"
        done="Lifted"
        danger
        onSubmit={() => liftHold(site.id)}
        fields={() => null}
      />
    );
  }
  return (
    <SavedForm
      title="Legal hold"
      about="While a hold is set, nothing of this site is removed by its rules, and requests for erasure wait."
      action="Hold everything"
      done="Set"
      onSubmit={() => setHold(site.id, reason)}
      fields={(failure) => (
        <TextInput
          label="Reason"
          required
          value={reason}
          onValue={setReason}
          error={errorAt(failure?.errors ?? [], "reason")}
        />
      )}
    />
  );
}

function ArchivePanel({ site }: { site: Site }) {
  const [planned, setPlanned] = useState<DryRun | null>(null);
  const [archive, setArchive] = useState<{ bound: boolean; days: ArchivedDay[] } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const look = async () => {
    const reply = await dryRun(site.id);
    if (reply.ok) setPlanned(reply.value);
    setFailure(reply.ok ? null : reply.failure);
  };
  const list = async () => {
    const reply = await loadArchive(site.id);
    if (reply.ok) setArchive(reply.value);
    setFailure(reply.ok ? null : reply.failure);
  };
  const year = new Date().getFullYear();
  return (
    <section class="panel form">
      <h2>Archive and removal</h2>
      <div class="actions">
        <button type="button" class="button" onClick={() => void look()}>
          What would go now?
        </button>
        <button type="button" class="button" onClick={() => void list()}>
          Show the archive
        </button>
        <a class="button" href={reportPath(site.id, year)} download>
          Report of {year}
        </a>
      </div>
      {failure && (
        <p class="field-error" role="alert">
          {failure.detail}
        </p>
      )}
      {planned?.held && <p>Held: {planned.held}</p>}
      {planned && planned.totals.length === 0 && <p role="status">Nothing is due.</p>}
      {planned && planned.totals.length > 0 && (
        <SortableTable model={totalsTable(planned.totals)} caption="What would go now" />
      )}
      {archive && !archive.bound && <p>This deployment has no bucket for an archive.</p>}
      {archive?.bound && archive.days.length === 0 && <p role="status">The archive is empty.</p>}
      {archive && archive.days.length > 0 && (
        <SortableTable model={archiveTable(archive.days)} caption="Archived days" />
      )}
    </section>
  );
}

export function RetentionPanel({ site }: { site: Site }) {
  return (
    <>
      <RulesForm site={site} />
      <HoldForm key={site.retention.legalHold?.at} site={site} />
      <ArchivePanel site={site} />
    </>
  );
}
