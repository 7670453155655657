// Words between charts: paragraphs by empty lines, `# ` before a heading, addresses as links. No other markup, no HTML.

import { Field } from "../../ui/field.tsx";
import type { PlainFieldsProps, PlainPanel, PlainPanelProps } from "./definition.ts";

type Part = string | { href: string };

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/g;

function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const found of text.matchAll(ADDRESS)) {
    parts.push(text.slice(at, found.index), { href: found[0] });
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}

function Line({ text }: { text: string }) {
  return (
    <>
      {partsOf(text).map((part) =>
        typeof part === "string" ? (
          part
        ) : (
          <a key={part.href} href={part.href} target="_blank" rel="noreferrer">
            {part.href}
          </a>
        ),
      )}
    </>
  );
}

function Body({ panel: { title, text = "" } }: PlainPanelProps) {
  return (
    <section class="panel text-panel" aria-label={title || "Text"}>
      {title && <h2>{title}</h2>}
      {text.split(/\n{2,}/).map((block, i) =>
        block.startsWith("# ") ? (
          <h3 key={`${i} ${block}`}>{block.slice(2)}</h3>
        ) : (
          <p key={`${i} ${block}`}>
            <Line text={block} />
          </p>
        ),
      )}
    </section>
  );
}

function Fields({ text, onText }: PlainFieldsProps) {
  return (
    <Field label="Text" hint="An empty line begins a paragraph, # a heading.">
      {(attributes) => (
        <textarea
          {...attributes}
          class="input"
          rows={6}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export const text: PlainPanel = { label: "Text", size: { w: 6, h: 4 }, Body, Fields };
