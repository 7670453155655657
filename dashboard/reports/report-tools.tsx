// What can be done with a report: saved, taken away as a file, sent, shared, copied, removed.
import { useState } from "preact/hooks";
import type { Report, ReportFormat } from "../../workers/domain/report.ts";
import type { Site } from "../../workers/domain/site.ts";
import { ShareDialog } from "../panels/share-dialog.tsx";
import type { ReportEditing } from "../state/report-editing.ts";
import { copyReport, downloadReport, removeReport } from "../state/reports.ts";
import { itemHref, navigate, siteHref } from "../state/router.ts";
import { mayIn } from "../state/session.ts";
import { CopiedText } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Switch } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { type MoreEntry, MoreMenu } from "../ui/more-menu.tsx";
import { DownloadMenu } from "./download-menu.tsx";

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
  const take = async (format: ReportFormat) => {
    onTold("Making the file…");
    onTold(await downloadReport(site.id, base.id, { name: base.name, format }));
  };
  return (
    <DownloadMenu
      title={changed ? "Download the report as it was last saved" : "Download the report"}
      note={changed ? "As it was last saved" : null}
      onTake={(format) => void take(format)}
    />
  );
}

function PublicLink({ site, base, onClose }: { site: Site; base: Report; onClose: () => void }) {
  const [files, setFiles] = useState(false);
  return (
    <ShareDialog
      siteId={site.id}
      what="report"
      name={base.name}
      shows={{ reportId: base.id, files }}
      about="Whoever has the link sees this report of its last whole period, without an account, and can ask for nothing else."
      onClose={onClose}
    >
      <Switch
        label="Files too"
        hint="PDF, Excel, CSV, Parquet and HTML can be downloaded."
        checked={files}
        onChange={setFiles}
      />
    </ShareDialog>
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
            : `Whoever may see ${site.name} can open the report by this link. Others get it by a schedule or by a public link.`}
        </p>
        <CopiedText text={link} label="Copy link" />
      </div>
    </Dialog>
  );
}

function More({ site, editing, mayDefine, onTold }: Omit<ToolsProps, "onSchedule">) {
  const [sharing, setSharing] = useState<"team" | "public" | null>(null);
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
    ["Share with the team…", true, () => setSharing("team")],
    ["Share by a link…", mayIn(site.teamId, "shares"), () => setSharing("public")],
    ["Duplicate", mayDefine, () => void copy()],
    ["Remove", mayDefine, () => void remove()],
  ];
  return (
    <>
      <MoreMenu title="More of this report" entries={entries} />
      {sharing === "team" && <LinkDialog site={site} editing={editing} onClose={() => setSharing(null)} />}
      {sharing === "public" && <PublicLink site={site} base={base} onClose={() => setSharing(null)} />}
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
