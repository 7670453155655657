// What may be wider than its place: it scrolls, and the arrow keys reach what a mouse or finger does.

import type { ComponentChildren } from "preact";

export function Sideways({ label, kind, children }: { label: string; kind: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would group controls, and these are figures
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus, nothing of it could be scrolled by keyboard
    <div class={kind} role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
