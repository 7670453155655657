// The funnels that the site keeps: open one, keep the one at hand, remove one.
import { useState } from "preact/hooks";
import { loadFunnels, removeFunnel, saveFunnel, viewOf } from "../state/funnels.ts";
import { mapReply, useListed } from "../state/listed.ts";
import type { FunnelView } from "../state/sequence-views.ts";
import { mayIn } from "../state/session.ts";
import { useViewing } from "../state/viewing.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";

interface FunnelShelfProps {
  funnel: FunnelView;
  onOpen: (funnel: FunnelView) => void;
}

export function FunnelShelf({ funnel, onOpen }: FunnelShelfProps) {
  const { site } = useViewing();
  const list = useListed(site.id, async () => mapReply(await loadFunnels(site.id), ({ funnels }) => funnels));
  const [saving, setSaving] = useState(false);
  const may = mayIn(site.teamId, "define");
  const openable = (list.items ?? []).flatMap((kept) => {
    const view = viewOf(kept);
    return view ? [{ kept, view }] : [];
  });
  const savable = may && funnel.steps.length > 1;
  if (openable.length === 0 && !savable) return null;
  return (
    <div class="actions">
      {openable.length > 0 && (
        <Menu label="Saved funnels" title="Saved funnels">
          {(close) =>
            openable.map(({ kept, view }) => (
              <div key={kept.id} class="menu-line">
                <MenuItem
                  onChoose={() => {
                    close();
                    onOpen(view);
                  }}
                >
                  {kept.name}
                </MenuItem>
                {may && (
                  <button
                    type="button"
                    class="icon-button"
                    aria-label={`Remove the funnel ${kept.name}`}
                    onClick={() =>
                      confirm(`Remove the funnel “${kept.name}”?`) && void list.change(removeFunnel(site.id, kept.id))
                    }
                  >
                    <Icon name="trash" size={14} />
                  </button>
                )}
              </div>
            ))
          }
        </Menu>
      )}
      {savable && (
        <button type="button" class="button" onClick={() => setSaving(true)}>
          <Icon name="save" />
          Save
        </button>
      )}
      {saving && <SaveFunnel funnel={funnel} onClose={() => setSaving(false)} onSaved={() => void list.load()} />}
    </div>
  );
}

function SaveFunnel({ funnel, onClose, onSaved }: { funnel: FunnelView; onClose: () => void; onSaved: () => void }) {
  const { site } = useViewing();
  const [name, setName] = useState("");
  const save = async () => {
    const reply = await saveFunnel(site.id, name, funnel);
    if (!reply.ok) return reply.failure;
    onSaved();
    return null;
  };
  return (
    <DialogForm
      title="Save the funnel"
      action="Save funnel"
      onClose={onClose}
      onSubmit={save}
      fields={(errors) => <TextInput label="Name" required value={name} onValue={setName} error={errors[0]?.message} />}
    />
  );
}
