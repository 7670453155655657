// History of other tools: a file is chosen, looked into, imported; what was imported is compared or removed.
import { useRef, useState } from "preact/hooks";
import { HISTORY_TOOLS, type History, type HistoryContent } from "../../workers/domain/history.ts";
import type { Site } from "../../workers/domain/site.ts";
import { forgetAnswers } from "../state/answers.ts";
import type { Failure } from "../state/api.ts";
import { importHistory, loadHistories, previewHistory, removeHistory, summaryOf, toolName } from "../state/history.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { itemHref } from "../state/router.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";

const TOOLS = Object.values(HISTORY_TOOLS).join(" or ");

interface Chosen {
  file: File;
  content: HistoryContent;
}

function Refused({ failure }: { failure: Failure }) {
  const { detail, errors } = failure;
  return (
    <div role="alert">
      <p class="field-error">{errors.length === 0 ? detail : "The file cannot be imported as it is:"}</p>
      {errors.length > 0 && (
        <ul class="history-errors">
          {errors.map(({ path, message }) => (
            <li key={path}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Preview({
  chosen,
  busy,
  onImport,
  onCancel,
}: {
  chosen: Chosen;
  busy: boolean;
  onImport: () => void;
  onCancel: () => void;
}) {
  const { file, content } = chosen;
  return (
    <div class="history-preview" role="status">
      <p>
        <b>{file.name}</b> of {toolName(content.tool)}. {summaryOf(content)}.
      </p>
      {content.notes.length > 0 && (
        <ul class="faint">
          {content.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <div class="actions">
        <button type="button" class="button primary" disabled={busy} onClick={onImport}>
          {busy ? "Importing…" : "Import"}
        </button>
        <button type="button" class="button" disabled={busy} onClick={onCancel}>
          Not now
        </button>
      </div>
    </div>
  );
}

function ChooseFile({ site, onImported }: { site: Site; onImported: () => void }) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const look = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    const reply = await previewHistory(site.id, file);
    setBusy(false);
    setFailure(reply.ok ? null : reply.failure);
    setChosen(reply.ok ? { file, content: reply.value } : null);
    // The same file may be chosen again once it is mended.
    if (input.current) input.current.value = "";
  };
  const take = async ({ file }: Chosen) => {
    setBusy(true);
    const reply = await importHistory(site.id, file);
    setBusy(false);
    setFailure(reply.ok ? null : reply.failure);
    if (!reply.ok) return;
    setChosen(null);
    forgetAnswers();
    onImported();
  };
  return (
    <>
      <div class="actions">
        <label class="button">
          <Icon name="up" />
          {busy && !chosen ? "Reading…" : "Choose a file"}
          <input
            ref={input}
            class="unseen"
            type="file"
            accept=".zip,.csv,.json"
            disabled={busy}
            onChange={(event) => void look(event.currentTarget.files?.[0])}
          />
        </label>
      </div>
      {failure && <Refused failure={failure} />}
      {chosen && (
        <Preview chosen={chosen} busy={busy} onImport={() => void take(chosen)} onCancel={() => setChosen(null)} />
      )}
    </>
  );
}

function HistoryList({ site, list }: { site: Site; list: Listed<History> }) {
  const remove = async ({ id, name, tool }: History) => {
    if (!confirm(`Remove “${name}” of ${toolName(tool)}? Your own events stay.`)) return;
    await list.change(removeHistory(site.id, id));
    forgetAnswers();
  };
  return (
    <ul class="histories">
      {list.items?.map((history) => (
        <li key={history.id}>
          <p>
            <b>{history.name}</b> · {toolName(history.tool)}
          </p>
          <p class="faint">{summaryOf(history)}</p>
          <div class="actions">
            <a class="button small" href={itemHref(site.id, "reconciliation", history.id)}>
              Compare with our count
            </a>
            <button type="button" class="button small danger" onClick={() => void remove(history)}>
              Remove
            </button>
          </div>
        </li>
      ))}
    </ul>
  );
}

export function HistoryPanel({ site }: { site: Site }) {
  const list = useListed(site.id, async () => mapReply(await loadHistories(site.id), ({ histories }) => histories));
  const { items, failure, load } = list;
  return (
    <section class="panel form">
      <h2>History of other tools</h2>
      <p>
        An export of {TOOLS} is kept under its name and can be removed alone. Charts show it for days before your first
        own event. Exports of single events, such as Umami's, are brought in with <code>npx edgewise replay</code>.
      </p>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items && items.length > 0 && <HistoryList site={site} list={list} />}
      <ChooseFile site={site} onImported={() => void load()} />
    </section>
  );
}
