import { useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** Copies text and says so for two seconds. */
export function CopyButton({ text, label, quiet = false }: { text: string; label: string; quiet?: boolean }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // Without a secure origin there is no clipboard; the text beside the button can still be selected.
    await navigator.clipboard?.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button type="button" class={quiet ? "button small" : "button primary"} onClick={copy}>
      <Icon name={copied ? "check" : "copy"} />
      <span aria-live="polite">{copied ? "Copied" : label}</span>
    </button>
  );
}

/** Text as it is, to be read or taken along. */
export function CopiedText({ text, label }: { text: string; label: string }) {
  return (
    <>
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} label={label} />
    </>
  );
}

export function Snippet({ code }: { code: string }) {
  return (
    <div class="snippet">
      <CopiedText text={code} label="Copy snippet" />
    </div>
  );
}
