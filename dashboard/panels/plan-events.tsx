// The events of the plan by section, with what they carry and what becomes of those that do not fit.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { modeOf, type PlanEvent, type TrackingPlan } from "../../workers/domain/tracking-plan.ts";
import type { Failure } from "../state/api.ts";
import { mayIn } from "../state/session.ts";
import {
  allProperties,
  loadDraft,
  type PlanKeeping,
  planOfFile,
  propertyText,
  saveAsFile,
  sectionsOf,
  withEntries,
  withoutEvent,
} from "../state/tracking-plan.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty } from "../ui/notice.tsx";
import { Sideways } from "../ui/sideways.tsx";
import { Panel } from "./panel.tsx";
import { PlanEventDialog } from "./plan-event-dialog.tsx";
import { PlanPackDialog } from "./plan-pack-dialog.tsx";
import { PlanSettings } from "./plan-settings.tsx";

interface RowProps {
  plan: TrackingPlan;
  name: string;
  event: PlanEvent;
  may: boolean;
  onEdit: () => void;
  onRemove: () => void;
}

function Row({ plan, name, event, may, onEdit, onRemove }: RowProps) {
  const { funnel, step, kpi, owner, trigger, properties } = event;
  const mode = modeOf(plan, event);
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
        {trigger && <span class="faint plan-trigger">{trigger}</span>}
      </th>
      <td>
        <span class={`tag plan-${mode}`}>{mode}</span>
      </td>
      <td>
        {allProperties(properties).map(([property, spec]) => (
          <span key={property} class="plan-property" title={spec.description}>
            <code>{property}</code> <span class="faint">{propertyText(spec)}</span>
          </span>
        ))}
      </td>
      <td class="faint">
        {[funnel && (step ? `${funnel}, step ${step}` : funnel), kpi, owner].filter(Boolean).join(" · ")}
      </td>
      <td class="plan-tools">
        {may && (
          <>
            <button type="button" class="icon-button" aria-label={`Edit ${name}`} onClick={onEdit}>
              <Icon name="edit" />
            </button>
            <button type="button" class="icon-button" aria-label={`Remove ${name}`} onClick={onRemove}>
              <Icon name="trash" />
            </button>
          </>
        )}
      </td>
    </tr>
  );
}

interface ToolsProps {
  site: Site;
  keeping: PlanKeeping;
  onFailure: (failure: string | null) => void;
  onNew: () => void;
  onPack: () => void;
}

function Tools({ site, keeping, onFailure, onNew, onPack }: ToolsProps) {
  const { current, save } = keeping;
  const keep = async (plan: TrackingPlan | string) => {
    if (typeof plan === "string") return onFailure(plan);
    const failed = await save(plan);
    const first = failed?.errors[0];
    onFailure(failed && (first ? `${first.path}: ${first.message}` : failed.detail));
  };
  const read = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (file) await keep(await planOfFile(file));
    input.value = "";
  };
  const draw = async () => {
    const reply = await loadDraft(site.id);
    if (!reply.ok) return onFailure(reply.failure.detail);
    await keep(withEntries(current!.plan, reply.value.plan.events));
  };
  return (
    <div class="plan-actions">
      <button type="button" class="button small" onClick={onNew}>
        <Icon name="plus" />
        New event
      </button>
      <button type="button" class="button small" onClick={() => void draw()}>
        Add what was seen
      </button>
      <button type="button" class="button small" onClick={onPack}>
        Add a pack
      </button>
      <label class="button small">
        Import a file
        <input
          class="unseen"
          type="file"
          accept=".yaml,.yml,.json"
          onChange={(event) => void read(event.currentTarget)}
        />
      </label>
    </div>
  );
}

export function PlanEvents({ site, keeping }: { site: Site; keeping: PlanKeeping }) {
  const [open, setOpen] = useState<{ name: string } | "pack" | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const may = mayIn(site.teamId, "define");
  const { current, save } = keeping;
  if (!current) return null;
  const { plan, version } = current;
  const told = (failed: Failure | null) => setFailure(failed?.detail ?? null);
  const remove = (name: string) =>
    confirm(`Remove “${name}” from the plan?`) && void save(withoutEvent(plan, name)).then(told);
  const sections = sectionsOf(plan);
  return (
    <Panel
      title="Events"
      wide
      aside={
        <button
          type="button"
          class="button small"
          disabled={version === 0}
          onClick={() => void saveAsFile(site.id, current)}
        >
          Save as a file
        </button>
      }
    >
      {may && (
        <Tools
          {...{ site, keeping }}
          onFailure={setFailure}
          onNew={() => setOpen({ name: "" })}
          onPack={() => setOpen("pack")}
        />
      )}
      {may && <PlanSettings plan={plan} onChange={(changed) => void save(changed).then(told)} />}
      {failure && (
        <p class="field-error" role="alert">
          {failure}
        </p>
      )}
      {sections.length === 0 && (
        <Empty title="Nothing is planned yet">
          Begin with what your site sends already, with a pack, or with a file: <code>npx edgewise plan push</code>.
        </Empty>
      )}
      {sections.map(({ section, events }) => (
        <Sideways key={section} kind="sortable-scroll plan-table" label={section || "Events without a section"}>
          <table>
            <caption>{section || "Without a section"}</caption>
            <thead>
              <tr>
                {["Event", "Does not fit", "Properties", "For", ""].map((head) => (
                  <th key={head} scope="col">
                    {head || <span class="unseen">Change</span>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {events.map(([name, event]) => (
                <Row
                  key={name}
                  {...{ plan, name, event, may }}
                  onEdit={() => setOpen({ name })}
                  onRemove={() => remove(name)}
                />
              ))}
            </tbody>
          </table>
        </Sideways>
      ))}
      {open === "pack" && <PlanPackDialog plan={plan} onSave={save} onClose={() => setOpen(null)} />}
      {open && open !== "pack" && (
        <PlanEventDialog plan={plan} name={open.name} onSave={save} onClose={() => setOpen(null)} />
      )}
    </Panel>
  );
}
