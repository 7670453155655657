// Who did what, at the site or in its team: looked for, opened, downloaded, verified.
import { useEffect, useRef, useState } from "preact/hooks";
import type { AuditCheck } from "../../workers/domain/audit.ts";
import type { Site } from "../../workers/domain/site.ts";
import { ActList } from "../panels/act-list.tsx";
import { TrailCheck } from "../panels/trail-check.tsx";
import type { Failure } from "../state/api.ts";
import { type ActFilter, type ActScope, actsFile, loadActs, type ShownAct } from "../state/audit.ts";
import { mayIn, teamName } from "../state/session.ts";
import { Choice } from "../ui/choice.tsx";
import { TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

const EVERYTHING: ActFilter = { text: "", from: "", to: "" };

function useActs(site: Site, scope: ActScope, filter: ActFilter) {
  const [acts, setActs] = useState<ShownAct[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [check, setCheck] = useState<AuditCheck | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const asked = useRef(0);
  const load = async (before: readonly ShownAct[], cursor: string) => {
    const own = ++asked.current;
    const reply = await loadActs(site, scope, { ...filter, cursor });
    // What was asked for since counts.
    if (own !== asked.current) return;
    setFailure(reply.ok ? null : reply.failure);
    if (!reply.ok) return;
    setActs([...before, ...reply.value.acts]);
    setNext(reply.value.next);
    setCheck(reply.value.check);
  };
  useEffect(() => void load([], ""), [site.id, scope, filter]);
  return { acts, check, failure, retry: () => load([], ""), more: next === null ? null : () => load(acts ?? [], next) };
}

function FilterForm({ onFilter }: { onFilter: (filter: ActFilter) => void }) {
  const [draft, setDraft] = useState(EVERYTHING);
  const change = (part: Partial<ActFilter>) => setDraft({ ...draft, ...part });
  return (
    <form
      class="access-form in-a-row"
      onSubmit={(event) => {
        event.preventDefault();
        onFilter({ ...draft, text: draft.text.trim() });
      }}
    >
      <TextInput
        label="Search"
        placeholder="A person, an act, a value"
        value={draft.text}
        onValue={(text) => change({ text })}
      />
      <TextInput label="From" type="date" value={draft.from} onValue={(from) => change({ from })} />
      <TextInput label="To" type="date" value={draft.to} onValue={(to) => change({ to })} />
      <button type="submit" class="button">
        <Icon name="search" />
        Search
      </button>
    </form>
  );
}

function Acts({ site }: { site: Site }) {
  const [scope, setScope] = useState<ActScope>("site");
  const [filter, setFilter] = useState(EVERYTHING);
  const { acts, check, failure, retry, more } = useActs(site, scope, filter);
  const scopes = [
    { id: "site", label: "This site" },
    { id: "team", label: `The team ${teamName(site.teamId)}` },
  ] as const;
  return (
    <>
      <TrailCheck site={site} check={check} />
      <section class="panel form" aria-label="Acts">
        <FilterForm onFilter={setFilter} />
        <div class="actions">
          <Choice label="Of" chosen={scope} options={scopes} onChoose={setScope} />
          {(["csv", "ndjson"] as const).map((format) => (
            <a key={format} class="button" download="" href={actsFile(site, scope, { ...filter, format })}>
              <Icon name="down" />
              {format === "csv" ? "CSV" : "JSON lines"}
            </a>
          ))}
        </div>
        {failure && <Failed failure={failure} onRetry={() => void retry()} />}
        {!acts && !failure && <Skeleton lines={8} />}
        {acts?.length === 0 && <Empty title="No such acts">Look for less, or in other days.</Empty>}
        {acts && acts.length > 0 && <ActList acts={acts} />}
        {more && (
          <button type="button" class="button" onClick={() => void more()}>
            Show earlier ones
          </button>
        )}
      </section>
    </>
  );
}

export function AuditPage({ site }: { site: Site }) {
  return (
    <div class="narrow">
      <div class="page-head">
        <h1>Audit trail</h1>
        <span class="faint mono">{site.id}</span>
      </div>
      {mayIn(site.teamId, "audit") ? (
        <Acts key={site.id} site={site} />
      ) : (
        <Empty title="Not for you to see">Who did what is shown to owners and admins of the team.</Empty>
      )}
    </div>
  );
}
