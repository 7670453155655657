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
import { errorAt, Field, LinesInput, Switch, TextInput } from "../ui/field.tsx";
import { SavedForm } from "../ui/saved-form.tsx";
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

interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errors: readonly FieldError[];
}

function SiteFields({ draft, change, errors }: FieldsProps) {
  const list = (label: string, key: "hostnames" | "excludedPaths" | "excludedReferrers", hint: ComponentChildren) => (
    <LinesInput
      label={label}
      error={errorAt(errors, key)}
      value={draft[key]}
      onValue={(value) => change({ [key]: value })}
      hint={hint}
    />
  );
  return (
    <>
      <TextInput
        label="Name"
        required
        value={draft.name}
        onValue={(name) => change({ name })}
        error={errorAt(errors, "name")}
      />
      <Field
        label="Time zone"
        error={errorAt(errors, "timeZone")}
        hint="Decides when a day begins. Days that are past keep the zone they were counted in."
      >
        {({ id }) => <TimeZoneInput id={id} value={draft.timeZone} onChange={(timeZone) => change({ timeZone })} />}
      </Field>
      {list(
        "Allowed hostnames",
        "hostnames",
        <>
          One a line; <code>*.example.com</code> covers subdomains. Left empty, events from any host are taken.
        </>,
      )}
      {list(
        "Pages that are not counted",
        "excludedPaths",
        <>
          One path a line; <code>/admin/*</code> covers all below.
        </>,
      )}
      {list(
        "Referrers that are spam",
        "excludedReferrers",
        <>
          One host a line, such as <code>buy-traffic.example</code>, which covers its subdomains. Visits that come from
          there are not counted.
        </>,
      )}
      <Switch
        label="Honour Do Not Track and Global Privacy Control"
        hint="Browsers that send either are not counted; only the refusal is, without anything about the visitor."
        checked={draft.honourDoNotTrack}
        onChange={(honourDoNotTrack) => change({ honourDoNotTrack })}
      />
    </>
  );
}

function SiteForm({ site }: { site: Site }) {
  const [draft, setDraft] = useState(draftOf(site));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const save = async () => {
    const { hostnames, excludedPaths, excludedReferrers } = draft;
    const reply = await changeSite(site.id, {
      name: draft.name.trim(),
      timeZone: draft.timeZone.trim(),
      hostnames: lines(hostnames),
      excludedPaths: lines(excludedPaths),
      excludedReferrers: lines(excludedReferrers),
      honourDoNotTrack: draft.honourDoNotTrack,
    });
    if (reply.ok) {
      setDraft(draftOf(reply.value));
      forgetAnswers();
    }
    return reply;
  };
  return (
    <SavedForm
      title="Site"
      action="Save"
      done="Saved"
      onSubmit={save}
      fields={(failure) => <SiteFields draft={draft} change={change} errors={failure?.errors ?? []} />}
    />
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
