// A text to try settings on, saved or not.
import { useState } from "preact/hooks";
import type { PiiSettings } from "../../workers/domain/pii-kind.ts";
import type { Reply } from "../state/api.ts";
import { kindLabel, type TriedPii, tryPii } from "../state/pii.ts";
import { TextInput } from "../ui/field.tsx";

function outcome({ text, found }: TriedPii): string {
  if (found.length === 0) return "Nothing is found: it is kept as it is.";
  const kinds = found.map(({ kind }) => kindLabel(kind)).join(", ");
  return `${kinds}: ${text === null || text === "" ? "it is left out" : `“${text}” is kept`}.`;
}

export function TryPii({ siteId, settings }: { siteId: string; settings: PiiSettings }) {
  const [text, setText] = useState("");
  const [reply, setReply] = useState<Reply<TriedPii> | null>(null);
  const run = async () => setReply(await tryPii(siteId, { text, pii: settings }));
  return (
    <div class="field">
      <TextInput
        label="Try it"
        value={text}
        placeholder="Write to jane@example.com"
        hint="Looked at by the settings above, saved or not; the text is kept nowhere."
        onValue={(value) => {
          setText(value);
          setReply(null);
        }}
      />
      <div class="actions">
        <button type="button" class="button" disabled={text === ""} onClick={() => void run()}>
          Try
        </button>
        <span role="status" class={reply && !reply.ok ? "field-error" : "field-hint"}>
          {reply && (reply.ok ? outcome(reply.value) : reply.failure.detail)}
        </span>
      </div>
    </div>
  );
}
