import { CopyButton } from "./copy-button.tsx";

/** A link or key to hand on, with why it must be copied now. */
export function SecretLine({ text, children }: { text: string; children: preact.ComponentChildren }) {
  return (
    <div class="banner secret-line" role="status">
      <p>{children}</p>
      <code>{text}</code>
      <CopyButton text={text} label="Copy" />
    </div>
  );
}
