// A question as the API takes it: as JSON, and as a line for the shell.
import type { Asked } from "../state/content.ts";
import { CopiedText } from "../ui/copy-button.tsx";

const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** `EDGEWISE_KEY` is left to the shell, so that no key stands in what people paste around. */
function curlLine(asked: Asked, origin: string): string {
  return [
    `curl ${origin}/api/v2/query`,
    '-H "Authorization: Bearer $EDGEWISE_KEY"',
    "-H 'Content-Type: application/json'",
    `-d ${shellQuoted(JSON.stringify(asked))}`,
  ].join(" \\\n  ");
}

export function QuestionText({ asked }: { asked: Asked }) {
  const json = JSON.stringify(asked, null, 2);
  const line = curlLine(asked, location.origin);
  return (
    <div class="question-text">
      <section class="snippet">
        <h3>As a line for the shell</h3>
        <CopiedText text={line} label="Copy line" />
      </section>
      <section class="snippet">
        <h3>As JSON</h3>
        <CopiedText text={json} label="Copy JSON" />
      </section>
    </div>
  );
}
