// Words between charts: paragraphs by empty lines, `# ` before a heading, addresses as links. No other markup, no HTML.

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

export function TextPanel({ title, text }: { title: string; text: string }) {
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
