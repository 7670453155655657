// Saved segments: apply one, keep the filters in force as another, remove one.
import { useEffect, useState } from "preact/hooks";
import { loadSegments, removeSegment, saveSegment, segments } from "../state/segments.ts";
import { mayIn } from "../state/session.ts";
import { SEGMENT } from "../state/view.ts";
import { useViewing } from "../state/viewing.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";

function SaveSegment({ onClose }: { onClose: () => void }) {
  const { site, view, change } = useViewing();
  const [name, setName] = useState("");
  const save = async () => {
    const reply = await saveSegment(site.id, { name, filters: view.filters });
    if (!reply.ok) return reply.failure;
    change({ filters: [{ operator: "is", dimension: SEGMENT, values: [String(reply.value.id)] }] });
    return null;
  };
  return (
    <DialogForm
      title="Save as a segment"
      action="Save segment"
      onClose={onClose}
      onSubmit={save}
      fields={(errors) => (
        <TextInput
          label="Name"
          hint="Everybody who sees this site can use it."
          required
          value={name}
          onValue={setName}
          error={errors[0]?.message}
        />
      )}
    />
  );
}

export function SegmentMenu() {
  const { site, view, toggle } = useViewing();
  const [saving, setSaving] = useState(false);
  useEffect(() => void loadSegments(site.id), [site.id]);
  const all = segments.value[site.id] ?? [];
  const may = mayIn(site.teamId, "define");
  const savable = may && view.filters.some(({ dimension }) => dimension !== SEGMENT);
  if (all.length === 0 && !savable) return null;
  const chosen = (id: number) =>
    view.filters.some(({ dimension, values }) => dimension === SEGMENT && values.includes(String(id)));
  return (
    <>
      <Menu label="Segments" title="Saved segments" quiet>
        {(close) => (
          <>
            {all.map(({ id, name }) => (
              <div key={id} class="menu-line">
                <MenuItem
                  chosen={chosen(id)}
                  onChoose={() => {
                    close();
                    toggle({ operator: "is", dimension: SEGMENT, values: [String(id)] });
                  }}
                >
                  {name}
                </MenuItem>
                {may && (
                  <button
                    type="button"
                    class="icon-button"
                    aria-label={`Remove the segment ${name}`}
                    onClick={() => confirm(`Remove the segment “${name}”?`) && void removeSegment(site.id, id)}
                  >
                    <Icon name="trash" size={14} />
                  </button>
                )}
              </div>
            ))}
            {all.length > 0 && savable && <hr />}
            {savable && (
              <MenuItem
                onChoose={() => {
                  close();
                  setSaving(true);
                }}
              >
                Save these filters…
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      {saving && <SaveSegment onClose={() => setSaving(false)} />}
    </>
  );
}
