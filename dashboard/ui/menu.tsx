// A button that opens a small sheet: closes by Escape, by a click elsewhere, and by choosing; arrow keys walk its entries.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface MenuProps {
  label: ComponentChildren;
  /** Spoken name, where the label alone does not say what is chosen. */
  title: string;
  align?: "start" | "end";
  quiet?: boolean;
  /** Without the arrow; a label that is an icon is spoken by the title. */
  plain?: boolean;
  children: (close: () => void) => ComponentChildren;
}

function walk(sheet: HTMLElement, step: 1 | -1): void {
  const entries = [...sheet.querySelectorAll<HTMLElement>("a, button, input, select")];
  const at = entries.findLastIndex((entry) => entry.matches(":focus"));
  entries[(at + step + entries.length) % entries.length]?.focus();
}

export function Menu({ label, title, align = "start", quiet = false, plain = false, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return;
    const chosen = sheet.current?.querySelector<HTMLElement>("[aria-current=true]");
    (chosen ?? sheet.current?.querySelector<HTMLElement>("a, button"))?.focus({ preventScroll: true });
    const outside = (event: Event) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open || !sheet.current) return;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") walk(sheet.current, 1);
    else if (event.key === "ArrowUp") walk(sheet.current, -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only catches keys that bubble from the menu's own buttons
    <div class="menu" ref={frame} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class={`button${quiet ? " quiet" : ""}`}
        title={title}
        aria-haspopup="true"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {label}
        {!plain && <Icon name="chevron" size={14} />}
      </button>
      {open && (
        <div ref={sheet} class={`sheet ${align}`}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

interface MenuItemProps {
  chosen?: boolean;
  hint?: string | undefined;
  title?: string | undefined;
  onChoose: () => void;
  children: ComponentChildren;
}

export function MenuItem({ chosen = false, hint, title, onChoose, children }: MenuItemProps) {
  return (
    <button type="button" class="menu-item" title={title} aria-current={chosen ? "true" : undefined} onClick={onChoose}>
      <span>{children}</span>
      {hint && <kbd>{hint}</kbd>}
    </button>
  );
}
