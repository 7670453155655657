// The sections of a report in their order: moved by dragging their handle or by its arrow keys, opened to be edited, removed.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ReportSection } from "../../workers/domain/report.ts";
import { moved, SECTIONS, sectionName } from "../state/report-draft.ts";
import { Icon } from "../ui/icon.tsx";

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

interface SectionListProps {
  sections: readonly ReportSection[];
  onSections: (sections: ReportSection[]) => void;
  /** Id of the one that is edited. */
  open: string | null;
  onOpen: (id: string | null) => void;
  /** Whether the API complains about it. */
  wrong: (index: number) => boolean;
  editor: (section: ReportSection, index: number) => ComponentChildren;
}

/** Where in the list a pointer is: the place of the row whose middle it has passed. */
function placeAt(list: HTMLElement, y: number): number {
  const rows = [...list.children].map((row) => row.getBoundingClientRect());
  const place = rows.findIndex(({ top, height }) => y < top + height / 2);
  return place === -1 ? rows.length - 1 : place;
}

/** Moves by whatever hand; who moved by keys keeps the handle under the fingers, though its row stands elsewhere then. */
function useMoving(sections: readonly ReportSection[], onSections: SectionListProps["onSections"]) {
  const list = useRef<HTMLUListElement>(null);
  const held = useRef<string | null>(null);
  const [told, setTold] = useState("");
  useLayoutEffect(() => {
    if (held.current) list.current?.querySelector<HTMLElement>(`[data-handle="${held.current}"]`)?.focus();
    held.current = null;
  }, [sections]);
  const move = (section: ReportSection, to: number) => {
    const from = sections.findIndex(({ id }) => id === section.id);
    const place = Math.min(sections.length - 1, Math.max(0, to));
    if (from === -1 || from === place) return;
    onSections(moved(sections, from, place));
    setTold(`${sectionName(section)} is now ${place + 1} of ${sections.length}`);
  };
  const step = (event: KeyboardEvent, section: ReportSection, index: number) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    held.current = section.id;
    move(section, index + by);
  };
  const drag = (event: PointerEvent, section: ReportSection) => {
    if (!list.current || !(event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) return; // a button
    move(section, placeAt(list.current, event.clientY));
  };
  return { list, told, step, drag };
}

export function SectionList({ sections, onSections, open, onOpen, wrong, editor }: SectionListProps) {
  const { list, told, step, drag } = useMoving(sections, onSections);
  return (
    <>
      <ul class="report-sections" ref={list} aria-label="Sections">
        {sections.map((section, index) => {
          const name = sectionName(section);
          const isOpen = open === section.id;
          return (
            <li key={section.id} class={wrong(index) ? "wrong" : ""}>
              <div class="report-section">
                <button
                  type="button"
                  class="icon-button drag-handle"
                  data-handle={section.id}
                  aria-label={`Move ${name}: drag, or use the arrow keys`}
                  title="Drag to move, or use the arrow keys"
                  onKeyDown={(event) => step(event, section, index)}
                  onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
                  onPointerMove={(event) => drag(event, section)}
                >
                  <Icon name="drag" />
                </button>
                <button
                  type="button"
                  class="report-section-name"
                  aria-expanded={isOpen}
                  onClick={() => onOpen(isOpen ? null : section.id)}
                >
                  <Icon name={SECTIONS[section.kind].icon} />
                  <span>
                    <b>{name}</b>
                    {name !== SECTIONS[section.kind].label && <span class="faint">{SECTIONS[section.kind].label}</span>}
                  </span>
                  <Icon name="chevron" size={14} />
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Remove ${name}`}
                  onClick={() => onSections(sections.filter(({ id }) => id !== section.id))}
                >
                  <Icon name="trash" />
                </button>
              </div>
              {isOpen && <div class="report-section-body">{editor(section, index)}</div>}
            </li>
          );
        })}
      </ul>
      <p class="unseen" role="status">
        {told}
      </p>
    </>
  );
}
