// The owner's rules: how each stood on the last day, and a form to make, try and change them.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { mapReply, useListed } from "../state/listed.ts";
import {
  changeRule,
  type KeptRule,
  loadRuleSchema,
  loadRules,
  makeRule,
  type Quality,
  removeRule,
  type Tried,
  tryRule,
} from "../state/quality.ts";
import { mayIn } from "../state/session.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { blankOf, type FormSchema, SchemaFields, sentOf } from "../ui/schema-form.tsx";
import { Panel } from "./panel.tsx";

interface DialogProps {
  site: Site;
  /** The one to change; null makes one. */
  rule: KeptRule | null;
  onClose: () => void;
  onDone: () => void;
}

function TriedText({ tried }: { tried: Tried | string }) {
  if (typeof tried === "string") return <p class="field-error">{tried}</p>;
  const { verdict, sample } = tried;
  return (
    <p role="status">
      <b>{verdict.kept ? "Kept" : "Broken"}</b> in the last 24 hours: {verdict.reason}
      {sample?.events === 0 && " (no event has come)"}
    </p>
  );
}

function RuleDialog({ site, rule, onClose, onDone }: DialogProps) {
  const [schema, setSchema] = useState<FormSchema | null>(null);
  const [value, setValue] = useState<unknown>(rule ?? {});
  const [tried, setTried] = useState<Tried | string | null>(null);
  useEffect(() => {
    void loadRuleSchema().then((reply) => {
      if (!reply.ok) return setTried(reply.failure.detail);
      setSchema(reply.value);
      setValue(blankOf(reply.value, rule ?? {}));
    });
  }, []);
  const tryIt = async () => {
    const reply = await tryRule(site.id, sentOf(value));
    const [first] = reply.ok ? [] : reply.failure.errors;
    setTried(reply.ok ? reply.value : first ? `${first.path}: ${first.message}` : reply.failure.detail);
  };
  const save = async () => {
    const send = sentOf(value);
    const reply = await (rule ? changeRule(site.id, rule, send) : makeRule(site.id, send));
    if (!reply.ok) return reply.failure;
    onDone();
    return null;
  };
  return (
    <DialogForm
      title={rule ? `The rule “${rule.name}”` : "New rule"}
      action={rule ? "Save" : "Make rule"}
      wide
      disabled={!schema}
      onClose={onClose}
      onSubmit={save}
      fields={(errors) => (
        <>
          {schema ? (
            <SchemaFields schema={schema} path="" value={value} errors={errors} onValue={setValue} />
          ) : (
            <Skeleton lines={4} />
          )}
          {tried && <TriedText tried={tried} />}
          <button type="button" class="button" disabled={!schema} onClick={() => void tryIt()}>
            Try it on the last 24 hours
          </button>
        </>
      )}
    />
  );
}

export function QualityRulesPanel({ site, quality }: { site: Site; quality: Quality }) {
  const list = useListed(site.id, async () => mapReply(await loadRules(site.id), ({ rules }) => rules));
  const [shown, setShown] = useState<KeptRule | "new" | null>(null);
  const { items, failure } = list;
  const mayDefine = mayIn(site.teamId, "define");
  return (
    <Panel
      title="Rules"
      wide
      aside={
        mayDefine && (
          <button type="button" class="button small" onClick={() => setShown("new")}>
            New rule
          </button>
        )
      }
    >
      {failure && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={3} />}
      {items?.length === 0 && (
        <Empty title="No rules yet">
          What must always hold, such as “a purchase names its amount” or “the bounce rate stays under 90 %”, is looked
          at once a day.
        </Empty>
      )}
      {items && items.length > 0 && (
        <ul class="quality-rules">
          {items.map((rule) => {
            const verdict = quality.verdicts[rule.id];
            return (
              <li key={rule.id}>
                <div>
                  <b>{rule.name}</b>{" "}
                  {verdict && (
                    <span class={verdict.kept ? "tag" : "tag plan-enforce"}>{verdict.kept ? "kept" : "broken"}</span>
                  )}
                  <p class="faint">{verdict?.reason ?? "is looked at with the next day"}</p>
                </div>
                {mayDefine && (
                  <span class="plan-tools">
                    <button type="button" class="button small" onClick={() => setShown(rule)}>
                      Change<span class="unseen"> {rule.name}</span>
                    </button>{" "}
                    <button
                      type="button"
                      class="button small"
                      onClick={() => {
                        if (confirm(`Remove the rule “${rule.name}”?`)) void list.change(removeRule(site.id, rule.id));
                      }}
                    >
                      Remove<span class="unseen"> {rule.name}</span>
                    </button>
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {shown && (
        <RuleDialog
          site={site}
          rule={shown === "new" ? null : shown}
          onClose={() => setShown(null)}
          onDone={() => void list.load()}
        />
      )}
    </Panel>
  );
}
