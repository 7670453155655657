import { useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { navigate, siteHref } from "../state/router.ts";
import { createSite, domainOf, type SiteFields } from "../state/sites.ts";
import { errorAt, Field, Switch } from "../ui/field.tsx";
import { Steps } from "../ui/steps.tsx";
import { browserTimeZone, TimeZoneInput } from "../ui/time-zone-input.tsx";

interface Draft {
  domain: string;
  name: string;
  timeZone: string;
  ownHostsOnly: boolean;
  jurisdiction: Site["jurisdiction"];
}

const JURISDICTIONS: [Site["jurisdiction"], string][] = [
  ["none", "Anywhere, close to the visitor"],
  ["eu", "European Union"],
  ["us", "United States"],
];

function fieldsOf(draft: Draft): Partial<SiteFields> {
  const id = domainOf(draft.domain);
  const name = draft.name.trim();
  return {
    id,
    timeZone: draft.timeZone.trim(),
    hostnames: draft.ownHostsOnly ? [id, `*.${id}`] : [],
    jurisdiction: draft.jurisdiction,
    ...(name === "" ? {} : { name }),
  };
}

function MoreFields({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  return (
    <details class="more">
      <summary>More settings</summary>
      <Field label="Name" hint="Shown in the dashboard; the domain when left empty.">
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            value={draft.name}
            onInput={(event) => onChange({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Where the numbers are kept" hint="Cannot be changed later. Has an effect on Cloudflare only.">
        {(attributes) => (
          <select
            {...attributes}
            class="input"
            value={draft.jurisdiction}
            onChange={(event) => {
              const chosen = JURISDICTIONS.find(([id]) => id === event.currentTarget.value);
              if (chosen) onChange({ jurisdiction: chosen[0] });
            }}
          >
            {JURISDICTIONS.map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Switch
        label="Refuse other hosts"
        hint="Takes events from this address and those below it only, so not from localhost. Can be set later."
        checked={draft.ownHostsOnly}
        onChange={(ownHostsOnly) => onChange({ ownHostsOnly })}
      />
    </details>
  );
}

export function NewSitePage() {
  const [draft, setDraft] = useState<Draft>({
    domain: "",
    name: "",
    timeZone: browserTimeZone(),
    ownHostsOnly: false,
    jurisdiction: "none",
  });
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const reply = await createSite(fieldsOf(draft));
    setBusy(false);
    if (reply.ok) return navigate(siteHref(reply.value.id, "start"));
    const { failure } = reply;
    const taken = failure.status === 409 ? "There is already a site with this domain." : failure.detail;
    setErrors(failure.errors.length > 0 ? failure.errors : [{ path: "id", message: taken }]);
  };
  return (
    <div class="narrow">
      <Steps at={0} />
      <form class="panel form" onSubmit={submit}>
        <h1>Add a site</h1>
        <Field label="Domain" error={errorAt(errors, "id")} hint="It becomes the site's id in the snippet.">
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              required
              placeholder="example.com"
              autocapitalize="off"
              autocomplete="url"
              spellcheck={false}
              value={draft.domain}
              onInput={(event) => change({ domain: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field
          label="Time zone"
          error={errorAt(errors, "timeZone")}
          hint="Decides when a day begins. Preset from this browser."
        >
          {({ id }) => <TimeZoneInput id={id} value={draft.timeZone} onChange={(timeZone) => change({ timeZone })} />}
        </Field>
        <MoreFields draft={draft} onChange={change} />
        <button type="submit" class="button primary tall" disabled={busy || domainOf(draft.domain) === ""}>
          {busy ? "Adding…" : "Add site"}
        </button>
      </form>
    </div>
  );
}
