// What can be done with a report: saved, taken away as a file, sent, shared, copied, removed.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import type { ReportEditing } from "../state/report-editing.ts";
import { copyReport, downloadReport, REPORT_FILES, removeReport } from "../state/reports.ts";
import { itemHref, navigate, siteHref } from "../state/router.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { type MoreEntry, MoreMenu } from "../ui/more-menu.tsx";

interface ToolsProps {
  site: Site;
  editing: ReportEditing;
  mayDefine: boolean;
  /** Null for who may not hand figures to others. */
  onSchedule: (() => void) | null;
  onTold: (told: string | null) => void;
}

function Download({ site, editing, onTold }: Pick<ToolsProps, "site" | "editing" | "onTold">) {
  const { base, changed } = editing;
  if (!base) return null;
  const take = async (format: (typeof REPORT_FILES)[number]["format"]) => {
    onTold("Making the file…");
    onTold(await downloadReport(site.id, base, format));
  };
  return (
    <Menu
      title={changed ? "Download the report as it was last saved" : "Download the report"}
      align="end"
      label={
        <>
          <Icon name="down" />
          Download
        </>
      }
    >
      {(close) => (
        <>
          {changed && <p class="menu-empty">As it was last saved</p>}
          {REPORT_FILES.map(({ format, label }) => (
            <MenuItem
              key={format}
              onChoose={() => {
                close();
                void take(format);
              }}
            >
              {label}
            </MenuItem>
          ))}
        </>
      )}
    </Menu>
  );
}

function LinkDialog({ site, editing, onClose }: Pick<ToolsProps, "site" | "editing"> & { onClose: () => void }) {
  const { base } = editing;
  if (!base) return null;
  const link = new URL(itemHref(site.id, "reports", base.id), location.href).href;
  return (
    <Dialog title={`Share ${base.name}`} onClose={onClose}>
      <div class="snippet">
        <p>
          {base.visibility === "private"
            ? "It is private: nobody but its maker can open this link. Under “Who sees it” it can be shown to the team."
            : `Whoever may see ${site.name} can open the report by this link. Send it to others by a schedule.`}
        </p>
        <pre>
          <code>{link}</code>
        </pre>
        <CopyButton text={link} label="Copy link" />
      </div>
    </Dialog>
  );
}

function More({ site, editing, mayDefine, onTold }: Omit<ToolsProps, "onSchedule">) {
  const [sharing, setSharing] = useState(false);
  const { base, draft } = editing;
  if (!base || !draft) return null;
  const copy = async () => {
    const reply = await copyReport(site.id, draft);
    if (reply.ok) navigate(itemHref(site.id, "reports", reply.value.id));
    else onTold(reply.failure.detail);
  };
  const remove = async () => {
    if (!confirm(`Remove the report “${base.name}” for everybody?`)) return;
    const reply = await removeReport(site.id, base.id);
    if (reply.ok) navigate(siteHref(site.id, "reports"));
    else onTold(reply.failure.detail);
  };
  const entries: MoreEntry[] = [
    ["Share…", true, () => setSharing(true)],
    ["Duplicate", mayDefine, () => void copy()],
    ["Remove", mayDefine, () => void remove()],
  ];
  return (
    <>
      <MoreMenu title="More of this report" entries={entries} />
      {sharing && <LinkDialog site={site} editing={editing} onClose={() => setSharing(false)} />}
    </>
  );
}

export function ReportTools(props: ToolsProps) {
  const { editing, mayDefine, onSchedule } = props;
  const { changed, busy, save, discard } = editing;
  return (
    <div class="actions">
      {mayDefine && changed && (
        <button type="button" class="button" disabled={busy} onClick={() => void discard()}>
          Discard
        </button>
      )}
      {mayDefine && (
        <button type="button" class="button primary" disabled={!changed || busy} onClick={() => void save()}>
          {changed ? "Save report" : "Saved"}
        </button>
      )}
      {mayDefine && onSchedule && (
        <button type="button" class="button" onClick={onSchedule}>
          <Icon name="calendar" />
          Schedule
        </button>
      )}
      <Download {...props} />
      <More {...props} />
    </div>
  );
}
