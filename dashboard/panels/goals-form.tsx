// The site's goals: add one, delete one, take a deletion back.
import { useEffect, useId, useState } from "preact/hooks";
import type { Goal } from "../../workers/domain/site.ts";
import { forgetAnswers, useAnswer } from "../state/answers.ts";
import type { Failure } from "../state/api.ts";
import { addGoal, deleteGoal, loadGoals } from "../state/sites.ts";
import { errorAt, Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { PanelTabs } from "./panel.tsx";

const KINDS = [
  { id: "event", label: "Event" },
  { id: "page", label: "Page" },
] as const;

type Draft = Omit<Goal, "id">;
const BLANK: Draft = { name: "", kind: "event", match: "" };

function useGoals(siteId: string) {
  const [goals, setGoals] = useState<Goal[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [removed, setRemoved] = useState<Goal | null>(null);
  const load = () =>
    loadGoals(siteId).then((reply) => {
      setFailure(reply.ok ? null : reply.failure);
      if (reply.ok) setGoals(reply.value.goals);
    });
  useEffect(() => void load(), [siteId]);
  const add = async ({ name, kind, match }: Draft): Promise<Failure | null> => {
    const reply = await addGoal(siteId, { kind, match, name: name.trim() || match });
    if (!reply.ok) return reply.failure;
    setGoals([...(goals ?? []), reply.value]);
    setRemoved(null);
    forgetAnswers();
    return null;
  };
  const remove = async (goal: Goal) => {
    const reply = await deleteGoal(siteId, goal.id);
    setFailure(reply.ok ? null : reply.failure);
    if (!reply.ok) return;
    setGoals((goals ?? []).filter(({ id }) => id !== goal.id));
    setRemoved(goal);
    forgetAnswers();
  };
  return { goals, failure, removed, add, remove, load };
}

/** What was seen of late, to choose from: pages, or events that are no page views. */
function useSeen(siteId: string, kind: Draft["kind"]): string[] {
  const { result } = useAnswer({
    site_id: siteId,
    metrics: ["visitors"],
    date_range: "28d",
    dimensions: [kind === "page" ? "event:page" : "event:name"],
    filters: kind === "page" ? [] : [["is_not", "event:name", ["pageview", "engagement"]]],
    pagination: { limit: 50, offset: 0 },
  });
  return result?.results.map(({ dimensions }) => dimensions[0] ?? "") ?? [];
}

function AddGoal({ siteId, onAdd }: { siteId: string; onAdd: (draft: Draft) => Promise<Failure | null> }) {
  const [draft, setDraft] = useState(BLANK);
  const seenId = useId();
  const seen = useSeen(siteId, draft.kind);
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const submit = async (event: Event) => {
    event.preventDefault();
    const failed = await onAdd(draft);
    setFailure(failed);
    if (!failed) setDraft({ ...BLANK, kind: draft.kind });
  };
  const page = draft.kind === "page";
  const matchError = failure && (errorAt(failure.errors, "match") ?? failure.detail);
  return (
    <form class="goal-form" onSubmit={submit}>
      <div class="field">
        <span class="label">Kind</span>
        <PanelTabs
          label="Kind of goal"
          tabs={KINDS}
          chosen={draft.kind}
          onChoose={(id) => change({ kind: id === "page" ? "page" : "event" })}
        />
      </div>
      <Field
        label={page ? "Path" : "Event name"}
        hint={page ? "* stands for anything: /blog/*" : 'As sent with edgewise("signup")'}
        error={matchError ?? undefined}
      >
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            required
            list={seenId}
            placeholder={page ? "/thanks" : "signup"}
            value={draft.match}
            onInput={(event) => change({ match: event.currentTarget.value })}
          />
        )}
      </Field>
      <datalist id={seenId}>
        {seen.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <Field label="Name" hint="Optional">
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            placeholder={page ? "Ordered" : "Signed up"}
            value={draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <button type="submit" class="button" disabled={draft.match.trim() === ""}>
        <Icon name="plus" />
        Add goal
      </button>
    </form>
  );
}

export function GoalsForm({ siteId }: { siteId: string }) {
  const { goals, failure, removed, add, remove, load } = useGoals(siteId);
  return (
    <section class="panel form">
      <h2>Goals</h2>
      <p>What you want visitors to do. Goals count at once, for past events too.</p>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!goals && !failure && <Skeleton lines={2} />}
      {goals && goals.length > 0 && (
        <ul class="goals">
          {goals.map((goal) => (
            <li key={goal.id}>
              <span class="goal-name">{goal.name}</span>
              <span class="tag">{goal.kind}</span>
              <code>{goal.match}</code>
              <button
                type="button"
                class="icon-button"
                aria-label={`Delete goal ${goal.name}`}
                onClick={() => void remove(goal)}
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {removed && (
        <p class="banner" role="status">
          Goal “{removed.name}” deleted.{" "}
          <button type="button" class="link" onClick={() => void add(removed)}>
            Undo
          </button>
        </p>
      )}
      <AddGoal siteId={siteId} onAdd={add} />
    </section>
  );
}
