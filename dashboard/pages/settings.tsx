import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { ApiUsagePanel } from "../panels/api-usage-panel.tsx";
import { GoalsForm } from "../panels/goals-form.tsx";
import { HistoryPanel } from "../panels/history-panel.tsx";
import { KeysPanel } from "../panels/keys-panel.tsx";
import { MembersPanel } from "../panels/members-panel.tsx";
import { MetricTargets } from "../panels/metric-targets.tsx";
import { OwnVisits } from "../panels/own-visits.tsx";
import { SharesPanel } from "../panels/shares-panel.tsx";
import { SnippetCheck } from "../panels/snippet-check.tsx";
import { forgetAnswers } from "../state/answers.ts";
import { collectOrigin, mayIn } from "../state/session.ts";
import { changeSite, snippetOf } from "../state/sites.ts";
import { Snippet } from "../ui/copy-button.tsx";
import { errorAt, Field, Switch } from "../ui/field.tsx";
import { TimeZoneInput } from "../ui/time-zone-input.tsx";

interface Draft {
  name: string;
  timeZone: string;
  hostnames: string;
  excludedPaths: string;
  excludedReferrers: string;
  honourDoNotTrack: boolean;
}

const draftOf = (site: Site): Draft => ({
  name: site.name,
  timeZone: site.timeZone,
  hostnames: site.hostnames.join("\n"),
  excludedPaths: site.excludedPaths.join("\n"),
  excludedReferrers: site.excludedReferrers.join("\n"),
  honourDoNotTrack: site.honourDoNotTrack,
});

const lines = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

type SaveState = { phase: "idle" | "saving" | "saved" } | { phase: "failed"; detail: string; errors: FieldError[] };

function useDraft(site: Site) {
  const [draft, setDraft] = useState(draftOf(site));
  const [state, setState] = useState<SaveState>({ phase: "idle" });
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setState({ phase: "idle" });
  };
  const save = async (event: Event) => {
    event.preventDefault();
    setState({ phase: "saving" });
    const reply = await changeSite(site.id, {
      name: draft.name.trim(),
      timeZone: draft.timeZone.trim(),
      hostnames: lines(draft.hostnames),
      excludedPaths: lines(draft.excludedPaths),
      excludedReferrers: lines(draft.excludedReferrers),
      honourDoNotTrack: draft.honourDoNotTrack,
    });
    if (!reply.ok) return setState({ phase: "failed", detail: reply.failure.detail, errors: reply.failure.errors });
    setDraft(draftOf(reply.value));
    setState({ phase: "saved" });
    forgetAnswers();
  };
  return { draft, change, save, state, errors: state.phase === "failed" ? state.errors : [] };
}

interface LinesFieldProps {
  label: string;
  error: string | undefined;
  hint: ComponentChildren;
  value: string;
  onValue: (value: string) => void;
}

function LinesField({ label, error, hint, value, onValue }: LinesFieldProps) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(attributes) => (
        <textarea
          {...attributes}
          class="input mono"
          rows={3}
          spellcheck={false}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function SiteForm({ site }: { site: Site }) {
  const { draft, change, save, state, errors } = useDraft(site);
  return (
    <form class="panel form" onSubmit={save}>
      <h2>Site</h2>
      <Field label="Name" error={errorAt(errors, "name")}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            required
            value={draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field
        label="Time zone"
        error={errorAt(errors, "timeZone")}
        hint="Decides when a day begins. Days that are past keep the zone they were counted in."
      >
        {({ id }) => <TimeZoneInput id={id} value={draft.timeZone} onChange={(timeZone) => change({ timeZone })} />}
      </Field>
      <LinesField
        label="Allowed hostnames"
        error={errorAt(errors, "hostnames")}
        value={draft.hostnames}
        onValue={(hostnames) => change({ hostnames })}
        hint={
          <>
            One a line; <code>*.example.com</code> covers subdomains. Left empty, events from any host are taken.
          </>
        }
      />
      <LinesField
        label="Pages that are not counted"
        error={errorAt(errors, "excludedPaths")}
        value={draft.excludedPaths}
        onValue={(excludedPaths) => change({ excludedPaths })}
        hint={
          <>
            One path a line; <code>/admin/*</code> covers all below.
          </>
        }
      />
      <LinesField
        label="Referrers that are spam"
        error={errorAt(errors, "excludedReferrers")}
        value={draft.excludedReferrers}
        onValue={(excludedReferrers) => change({ excludedReferrers })}
        hint={
          <>
            One host a line, such as <code>buy-traffic.example</code>, which covers its subdomains. Visits that come
            from there are not counted.
          </>
        }
      />
      <Switch
        label="Honour Do Not Track and Global Privacy Control"
        hint="Browsers that send either are not counted; only the refusal is, without anything about the visitor."
        checked={draft.honourDoNotTrack}
        onChange={(honourDoNotTrack) => change({ honourDoNotTrack })}
      />
      <div class="actions">
        <button type="submit" class="button primary" disabled={state.phase === "saving"}>
          {state.phase === "saving" ? "Saving…" : "Save"}
        </button>
        <span role="status" class={state.phase === "failed" ? "field-error" : "field-hint"}>
          {state.phase === "saved" && "Saved"}
          {state.phase === "failed" && state.detail}
        </span>
      </div>
    </form>
  );
}

export function SettingsPage({ site }: { site: Site }) {
  return (
    <div class="narrow">
      <div class="page-head">
        <h1>Settings</h1>
        <span class="faint mono">{site.id}</span>
      </div>
      <section class="panel form">
        <h2>Snippet</h2>
        <p>
          Paste it inside <code>&lt;head&gt;</code> on every page.
        </p>
        <Snippet code={snippetOf(site, collectOrigin())} />
        <SnippetCheck site={site} />
      </section>
      {mayIn(site.teamId, "define") && <GoalsForm siteId={site.id} />}
      {mayIn(site.teamId, "settings") && <SiteForm key={site.id} site={site} />}
      <OwnVisits />
      {mayIn(site.teamId, "import") && <HistoryPanel key={`history ${site.id}`} site={site} />}
      {mayIn(site.teamId, "settings") && (
        <p class="faint">
          Consent, personal values and how long data is kept are under <a href={`/sites/${site.id}/privacy`}>Privacy</a>
          .
        </p>
      )}
      {mayIn(site.teamId, "members") && <MembersPanel teamId={site.teamId} />}
      {mayIn(site.teamId, "shares") && <SharesPanel siteId={site.id} />}
      {mayIn(site.teamId, "keys") && <KeysPanel siteId={site.id} teamId={site.teamId} />}
      {mayIn(site.teamId, "settings") && <MetricTargets of={site.id} />}
      {mayIn(site.teamId, "keys") && <ApiUsagePanel siteId={site.id} />}
    </div>
  );
}
