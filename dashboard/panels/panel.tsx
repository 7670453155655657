import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface PanelProps {
  title: string;
  /** Tabs or figures at the right of the title. */
  aside?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

/** A titled card. */
export function Panel({ title, aside, wide = false, children }: PanelProps) {
  const id = useId();
  return (
    <section class={wide ? "panel wide" : "panel"} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

interface PanelTabsProps {
  label: string;
  tabs: readonly { id: string; label: string }[];
  chosen: string;
  onChoose: (id: string) => void;
}

export function PanelTabs({ label, tabs, chosen, onChoose }: PanelTabsProps) {
  return (
    <fieldset class="segments" aria-label={label}>
      {tabs.map((tab) => (
        <button key={tab.id} type="button" aria-pressed={tab.id === chosen} onClick={() => onChoose(tab.id)}>
          {tab.label}
        </button>
      ))}
    </fieldset>
  );
}
