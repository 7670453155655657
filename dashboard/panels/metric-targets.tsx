// Where metrics go: scraped by Prometheus, or sent to targets, which are made, tested and removed here.
import { useEffect, useId, useState } from "preact/hooks";
import type { Failure } from "../state/api.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import {
  loadTargetKinds,
  loadTargets,
  type Measured,
  type MetricTarget,
  makeTarget,
  removeTarget,
  scrapePath,
  type TargetKind,
  testTarget,
} from "../state/metric-targets.ts";
import { momentText } from "../state/system.ts";
import { useTestSending } from "../state/test-sending.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { KindFields, useKindDraft } from "../ui/kind-fields.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { SelectInput } from "../ui/select-input.tsx";

interface TargetsProps {
  of: Measured;
  kinds: TargetKind[];
  list: Listed<MetricTarget>;
}

const USUAL = "visitors, visits, pageviews, events, bounce_rate, visit_duration";
const EVERY = { 1: "each minute", 5: "every five minutes" } as const;
const EVERY_MINUTES = ["5", "1"] as const;

const everyText = (minutes: string): string => EVERY[minutes === "1" ? 1 : 5];
const namesIn = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== "");

/** The complaint about the first name of the list that has one. */
const metricsError = (errors: Failure["errors"]): string | undefined =>
  errors.find(({ path }) => path.startsWith("metrics"))?.message;

function NewTarget({ of, kinds, list, onClose }: TargetsProps & { onClose: () => void }) {
  const draft = useKindDraft(kinds);
  const [every, setEvery] = useState<string>(EVERY_MINUTES[0]);
  const [metrics, setMetrics] = useState(USUAL);
  const submit = async () => {
    const reply = await makeTarget(of, {
      kind: draft.kind.kind,
      ...draft.told(),
      everyMinutes: Number(every),
      ...(of !== null && { metrics: namesIn(metrics) }),
    });
    if (!reply.ok) return reply.failure;
    await list.load();
    return null;
  };
  return (
    <DialogForm
      title="New target"
      action="Make target"
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <KindFields of={draft} errors={errors} />
          <SelectInput label="Sent" value={every} options={EVERY_MINUTES} text={everyText} onValue={setEvery} />
          {of !== null && (
            <TextInput
              label="Metrics"
              hint="Names with commas between. The site's KPIs go along."
              mono
              value={metrics}
              onValue={setMetrics}
              error={metricsError(errors)}
            />
          )}
        </>
      )}
    />
  );
}

function lastAnswer({ told, toldAt, failures }: MetricTarget): string {
  if (toldAt === 0) return "Nothing was sent yet.";
  const times = failures > 1 ? `, ${failures} times in a row` : "";
  return `${failures > 0 ? `Did not arrive${times}` : "Arrived"}, ${momentText(toldAt)}: ${told}`;
}

function Target({ of, target, kinds, list }: TargetsProps & { target: MetricTarget }) {
  const { id, label, failures } = target;
  const { told, test } = useTestSending(list, () => testTarget(of, id));
  const kind = kinds.find((one) => one.kind === target.kind)?.label ?? target.kind;
  const remove = () =>
    confirm(`Remove the target “${label}”? What was sent there stays there.`) && void list.change(removeTarget(of, id));
  return (
    <li>
      <span class="access-who">
        <b>{label}</b>
        <span class="faint">
          {kind}, {everyText(String(target.everyMinutes))}
        </span>
        <span class={failures > 0 ? "field-error" : "field-hint"}>{lastAnswer(target)}</span>
        <span role="status">{told}</span>
      </span>
      <button type="button" class="button small" onClick={test}>
        Test
      </button>
      <button type="button" class="icon-button" aria-label={`Remove the target ${label}`} onClick={remove}>
        <Icon name="trash" />
      </button>
    </li>
  );
}

function useKinds() {
  const [kinds, setKinds] = useState<TargetKind[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    void loadTargetKinds().then((reply) => (reply.ok ? setKinds(reply.value.targets) : setFailure(reply.failure)));
  }, []);
  return { kinds, failure };
}

export function MetricTargets({ of }: { of: Measured }) {
  const title = useId();
  const [isNew, setIsNew] = useState(false);
  const { kinds, failure } = useKinds();
  const list = useListed(String(of), async () => mapReply(await loadTargets(of), (reply) => reply.targets));
  const problem = failure ?? list.failure;
  return (
    <section class="panel form metrics-out" aria-labelledby={title}>
      <div class="section-head">
        <h2 id={title}>Metrics out</h2>
        {kinds && (
          <button type="button" class="button" onClick={() => setIsNew(true)}>
            <Icon name="plus" />
            New target
          </button>
        )}
      </div>
      <p>
        Prometheus scrapes <code>{location.origin + scrapePath(of)}</code> with{" "}
        {of === null ? <code>EDGEWISE_METRICS_TOKEN</code> : "a key that may query"}. Other services are sent metrics.
      </p>
      {problem && <Failed failure={problem} onRetry={() => void list.load()} />}
      {!problem && !(kinds && list.items) && <Skeleton lines={2} />}
      {list.items?.length === 0 && <p class="faint">Nothing is sent anywhere yet.</p>}
      {kinds && list.items && list.items.length > 0 && (
        <ul class="access-list">
          {list.items.map((target) => (
            <Target key={target.id} target={target} of={of} kinds={kinds} list={list} />
          ))}
        </ul>
      )}
      {isNew && kinds && <NewTarget of={of} kinds={kinds} list={list} onClose={() => setIsNew(false)} />}
    </section>
  );
}
