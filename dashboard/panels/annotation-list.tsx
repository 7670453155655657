// The annotations of the days that a chart shows: read, discussed, added.
import { useState } from "preact/hooks";
import type { Annotation } from "../../workers/domain/annotation.ts";
import type { Site } from "../../workers/domain/site.ts";
import { comment, dayOf, makeAnnotation, removeAnnotation } from "../state/annotations.ts";
import { refresh } from "../state/answers.ts";
import type { Failure } from "../state/api.ts";
import { formatBucket, formatDate } from "../state/format.ts";
import { mayIn } from "../state/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, Field, Switch, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";

function NewAnnotation({ site, day, onClose }: { site: Site; day: string; onClose: () => void }) {
  const [draft, setDraft] = useState({ from: day, to: "", text: "", exceptional: false });
  const make = async () => {
    const reply = await makeAnnotation(site.id, draft);
    if (!reply.ok) return reply.failure;
    refresh();
    return null;
  };
  return (
    <DialogForm
      title="New annotation"
      action="Annotate"
      onClose={onClose}
      onSubmit={make}
      fields={(errors) => (
        <>
          <div class="form-grid">
            <TextInput
              label="Day"
              type="date"
              required
              value={draft.from}
              onValue={(from) => setDraft({ ...draft, from })}
              error={errorAt(errors, "at")}
            />
            <TextInput
              label="To (optional)"
              type="date"
              value={draft.to}
              onValue={(to) => setDraft({ ...draft, to })}
            />
          </div>
          <Field label="What happened" error={errorAt(errors, "text")}>
            {(attributes) => (
              <textarea
                {...attributes}
                class="input"
                rows={3}
                required
                placeholder="Released version 2, newsletter sent, …"
                value={draft.text}
                onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
              />
            )}
          </Field>
          <Switch
            label="Unlike other days"
            hint="Such as holidays: they may be as quiet as a Sunday, and say nothing of what is usual."
            checked={draft.exceptional}
            onChange={(exceptional) => setDraft({ ...draft, exceptional })}
          />
        </>
      )}
    />
  );
}

function Discussion({ site, annotation, onClose }: { site: Site; annotation: Annotation; onClose: () => void }) {
  const [text, setText] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const may = mayIn(site.teamId, "define");
  const say = async (event: Event) => {
    event.preventDefault();
    const reply = await comment(site.id, annotation, text);
    if (!reply.ok) return setFailure(reply.failure);
    setText("");
    refresh();
  };
  const remove = async () => {
    if (!confirm("Remove this annotation and what was said to it?")) return;
    const reply = await removeAnnotation(site.id, annotation);
    if (!reply.ok) return setFailure(reply.failure);
    refresh();
    onClose();
  };
  return (
    <Dialog title={formatBucket(dayOf(annotation, site.timeZone), "day", "full")} onClose={onClose}>
      <p class="annotation-text">{annotation.text}</p>
      <p class="faint">{annotation.createdBy?.name}</p>
      {annotation.exceptional && <p class="faint">Unlike other days: judged by what any day of two weeks brought.</p>}
      <ul class="comments">
        {annotation.comments.map(({ id, text: said, by, at }) => (
          <li key={id}>
            <p>{said}</p>
            <p class="faint">
              {by?.name ?? "Somebody"}, {formatDate(at)}
            </p>
          </li>
        ))}
      </ul>
      {failure && (
        <p class="field-error" role="alert">
          {failure.detail}
        </p>
      )}
      {may && (
        <form class="with-menu" onSubmit={say}>
          <input
            class="input"
            aria-label="Comment"
            placeholder="Say something to it"
            required
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button type="submit" class="button">
            Say
          </button>
          <button type="button" class="icon-button" aria-label="Remove this annotation" onClick={() => void remove()}>
            <Icon name="trash" />
          </button>
        </form>
      )}
    </Dialog>
  );
}

interface AnnotationListProps {
  site: Site;
  annotations: readonly Annotation[];
  /** Proposed for a new one. */
  day: string;
}

export function AnnotationList({ site, annotations, day }: AnnotationListProps) {
  const [opened, setOpened] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const shown = annotations.find(({ id }) => id === opened);
  return (
    <div class="annotations">
      {annotations.map((annotation) => {
        const said = annotation.comments.length;
        return (
          <button
            key={annotation.id}
            type="button"
            class="annotation"
            title={annotation.text}
            onClick={() => setOpened(annotation.id)}
          >
            <span class="annotation-mark" aria-hidden="true" />
            <b>{formatBucket(dayOf(annotation, site.timeZone), "day", "axis")}</b>
            <span class="value">{annotation.text}</span>
            {said > 0 && <span class="faint">{said === 1 ? "1 comment" : `${said} comments`}</span>}
          </button>
        );
      })}
      {mayIn(site.teamId, "define") && (
        <button type="button" class="button quiet small" onClick={() => setAdding(true)}>
          <Icon name="note" size={14} />
          Annotate
        </button>
      )}
      {adding && <NewAnnotation site={site} day={day} onClose={() => setAdding(false)} />}
      {shown && <Discussion site={site} annotation={shown} onClose={() => setOpened(null)} />}
    </div>
  );
}
