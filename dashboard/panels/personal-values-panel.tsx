// What becomes of personal values on their way in: by kind, what is let through, patterns of one's own, and what was found.
import { useState } from "preact/hooks";
import { PII_ACTIONS, type PiiAction, type PiiSettings } from "../../workers/domain/pii-kind.ts";
import type { Site } from "../../workers/domain/site.ts";
import { SortableTable } from "../charts/sortable-table.tsx";
import type { Failure } from "../state/api.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { foundTable, KINDS, kindLabel, loadPiiFound } from "../state/pii.ts";
import { changeSite } from "../state/sites.ts";
import { errorAt, Field } from "../ui/field.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { SavedForm } from "../ui/saved-form.tsx";
import { OwnPatterns } from "./own-patterns.tsx";
import { TryPii } from "./try-pii.tsx";

const ACTIONS = Object.keys(PII_ACTIONS) as PiiAction[]; // the record's own keys
const linesOf = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");

interface EditProps {
  settings: PiiSettings;
  onChange: (settings: PiiSettings) => void;
}

function KindActions({ settings, onChange }: EditProps) {
  return (
    <div class="access-form">
      {KINDS.map((kind) => (
        <Field key={kind} label={kindLabel(kind)}>
          {(attributes) => (
            <select
              {...attributes}
              class="input"
              value={settings.kinds[kind]}
              onChange={({ currentTarget: { value } }) => {
                const action = ACTIONS.find((one) => one === value) ?? "mask";
                onChange({ ...settings, kinds: { ...settings.kinds, [kind]: action } });
              }}
            >
              {ACTIONS.map((action) => (
                <option key={action} value={action}>
                  {`${action}: ${PII_ACTIONS[action]}`}
                </option>
              ))}
            </select>
          )}
        </Field>
      ))}
    </div>
  );
}

interface AllowedProps extends EditProps {
  what: "values" | "keys";
  label: string;
  hint: string;
  failure: Failure | null;
}

function Allowed({ settings, onChange, what, label, hint, failure }: AllowedProps) {
  const [text, setText] = useState(settings.allow[what].join("\n"));
  return (
    <Field label={label} hint={hint} error={errorAt(failure?.errors ?? [], `pii.allow.${what}`)}>
      {(attributes) => (
        <textarea
          {...attributes}
          class="input mono"
          rows={2}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget: { value } }) => {
            setText(value);
            onChange({ ...settings, allow: { ...settings.allow, [what]: linesOf(value) } });
          }}
        />
      )}
    </Field>
  );
}

function Found({ siteId }: { siteId: string }) {
  const { items, failure, load } = useListed(siteId, async () =>
    mapReply(await loadPiiFound(siteId), ({ found }) => found),
  );
  if (failure) return <Failed failure={failure} onRetry={() => void load()} />;
  if (!items) return <Skeleton lines={2} />;
  if (items.length === 0) return <p class="field-hint">None in the last 30 days.</p>;
  return <SortableTable model={foundTable(items)} caption="Personal values found in the last 30 days" />;
}

export function PersonalValuesPanel({ site }: { site: Site }) {
  const [settings, setSettings] = useState(site.pii);
  const edit = { settings, onChange: setSettings };
  return (
    <>
      <SavedForm
        title="Personal values"
        about="Personal values in addresses, titles and properties are replaced before anything is stored. They are counted, and kept nowhere."
        action="Save"
        done="Saved"
        onSubmit={() => changeSite(site.id, { pii: settings })}
        fields={(failure) => (
          <>
            <KindActions {...edit} />
            <Allowed
              {...edit}
              what="values"
              failure={failure}
              label="Values that are kept"
              hint="One a line; *@own-company.com covers all that end in it."
            />
            <Allowed
              {...edit}
              what="keys"
              failure={failure}
              label="Properties that are not looked at"
              hint="Their names, one a line."
            />
            <OwnPatterns {...edit} failure={failure} />
            <TryPii siteId={site.id} settings={settings} />
          </>
        )}
      />
      <section class="panel form">
        <h2>Personal values found</h2>
        <Found siteId={site.id} />
      </section>
    </>
  );
}
