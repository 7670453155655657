// For the data protection officer: who asked what, until when it must be done, and what was.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import type { SitePageProps } from "../app.tsx";
import { ConsentForm } from "../panels/consent-form.tsx";
import { PersonalValuesPanel } from "../panels/personal-values-panel.tsx";
import { RequestList } from "../panels/request-list.tsx";
import { RetentionPanel } from "../panels/retention-panel.tsx";
import { mapReply, useListed } from "../state/listed.ts";
import { downloadUser, eraseUser, loadRequest, loadRequests } from "../state/privacy.ts";
import { mayIn } from "../state/session.ts";
import { Choice } from "../ui/choice.tsx";
import { errorAt, Field, TextInput } from "../ui/field.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { SavedForm } from "../ui/saved-form.tsx";

type Kind = "erasure" | "access";

const KINDS = [
  { id: "access", label: "Download what is held" },
  { id: "erasure", label: "Erase" },
] as const;

const BLANK = { userId: "", names: "", reason: "", due: "" };

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

function useDraft() {
  const [draft, setDraft] = useState(BLANK);
  const set = (name: keyof typeof BLANK) => (value: string) => setDraft({ ...draft, [name]: value });
  const request = {
    userId: draft.userId,
    names: linesOf(draft.names),
    ...(draft.reason.trim() !== "" && { reason: draft.reason.trim() }),
    ...(draft.due !== "" && { due: draft.due }),
  };
  return { draft, set, request, clear: () => setDraft(BLANK) };
}

function RequestForm({ siteId, onDone }: { siteId: string; onDone: () => void }) {
  const [kind, setKind] = useState<Kind>("access");
  const { draft, set, request, clear } = useDraft();
  const erases = kind === "erasure";
  const submit = async () => {
    const reply = await (erases ? eraseUser(siteId, request) : downloadUser(siteId, request));
    if (!reply.ok) return reply;
    if (erases) clear();
    onDone();
    return reply;
  };
  return (
    <SavedForm
      title="A new request"
      about="The user is known by the id that your site sends. Neither it nor the names are kept: the record names nobody."
      action={erases ? "Erase for good" : "Download"}
      done={erases ? "Taken; how far it is stands below" : "Downloaded"}
      danger={erases}
      sure={erases ? `Erase everything of “${draft.userId}” on this site for good? Nothing brings it back.` : undefined}
      onSubmit={submit}
      fields={(failure) => (
        <>
          <Choice label="What is asked" chosen={kind} options={KINDS} onChoose={setKind} />
          <TextInput
            label="User id"
            required
            autocomplete="off"
            value={draft.userId}
            onValue={set("userId")}
            error={failure ? errorAt(failure.errors, "userId") : undefined}
          />
          {erases && (
            <Field
              label="Names, one a line"
              hint="E-mail addresses, customer numbers: where others' events tell of them, they will read (erased)."
              error={failure ? errorAt(failure.errors, "names") : undefined}
            >
              {(attributes) => (
                <textarea
                  {...attributes}
                  class="input"
                  rows={3}
                  value={draft.names}
                  onInput={(event) => set("names")(event.currentTarget.value)}
                />
              )}
            </Field>
          )}
          <TextInput
            label="Reason"
            placeholder="request"
            hint="It is kept with the request: name nobody here."
            value={draft.reason}
            onValue={set("reason")}
          />
          {erases && (
            <TextInput
              label="To be done by"
              type="date"
              hint="A month from now when left out."
              value={draft.due}
              onValue={set("due")}
              error={failure ? errorAt(failure.errors, "due") : undefined}
            />
          )}
        </>
      )}
    />
  );
}

const LOOK_AGAIN_MS = 3000;

function Requests({ site }: { site: Site }) {
  const list = useListed(site.id, async () => mapReply(await loadRequests(site.id), ({ erasures }) => erasures));
  const { items, failure, load } = list;
  const open = items?.find(({ state }) => state !== "done")?.id;
  useEffect(() => {
    if (open === undefined) return undefined;
    // Asking for one of them helps all that are open on.
    const again = setInterval(() => void loadRequest(site.id, open).then(load), LOOK_AGAIN_MS);
    return () => clearInterval(again);
  }, [open]);
  return (
    <>
      <RequestForm siteId={site.id} onDone={() => void load()} />
      <section class="panel form">
        <h2>Requests</h2>
        {failure && <Failed failure={failure} onRetry={() => void load()} />}
        {!items && !failure && <Skeleton lines={3} />}
        {items?.length === 0 && <p>Nobody has asked yet.</p>}
        {items && items.length > 0 && <RequestList requests={items} />}
      </section>
    </>
  );
}

export function PrivacyPage({ site }: SitePageProps) {
  return (
    <div class="narrow">
      <div class="page-head">
        <h1>Privacy</h1>
      </div>
      {mayIn(site.teamId, "privacy") && <Requests site={site} />}
      {mayIn(site.teamId, "settings") && (
        <>
          <ConsentForm key={`consent ${site.id}`} site={site} />
          <PersonalValuesPanel key={`values ${site.id}`} site={site} />
          <RetentionPanel key={`retention ${site.id}`} site={site} />
        </>
      )}
    </div>
  );
}
