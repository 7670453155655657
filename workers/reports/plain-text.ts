// A report as plain text: the other part of a mail, and what chats show.
import type { ReportBlock, ReportDocument, ReportPart } from "../domain/report-document.ts";
import { notShown } from "./figure-text.ts";

interface TextOptions {
  linkTo?: (path: string, partId: string) => string;
  unsubscribe?: string;
}

type LinkTo = (path: string) => string;

const tableText = (columns: readonly { label: string }[], rows: readonly (readonly { text: string }[])[]): string[] => [
  columns.map(({ label }) => label).join(" | "),
  ...rows.map((row) => row.map(({ text }) => text).join(" | ")),
];

function blockText(block: ReportBlock, { title, linkTo }: { title: string; linkTo: LinkTo }): string[] {
  switch (block.kind) {
    case "paragraph":
      return [block.text];
    case "list":
      return block.items.map(({ text, link }) => `- ${text}${link === null ? "" : ` ${linkTo(link)}`}`);
    case "figures":
      return block.figures.map(({ label, now, before, change, target }) => {
        const held =
          before && before.value !== null ? ` (${change === null ? "" : `${change}, `}from ${before.text})` : "";
        return `${label}: ${now.text}${held}${target === null ? "" : `; target: ${target}`}`;
      });
    case "picture":
      return [...(block.picture.title === title ? [] : [block.picture.title]), ...tableText(block.columns, block.rows)];
    case "table": {
      const rest = block.more > 0 ? [notShown(block.more)] : [];
      return [...tableText(block.columns, block.rows), ...rest];
    }
    case "bars":
    case "grid":
      return tableText(
        block.columns,
        block.rows.map(({ cells }) => cells),
      );
    case "problem":
      return [`! ${block.text}`];
  }
}

function partText({ title, blocks, path }: ReportPart, linkTo: LinkTo): string {
  const heading = title === "" ? [] : [title.toUpperCase()];
  const more = path === null ? [] : [linkTo(path)];
  return [...heading, ...blocks.map((block) => blockText(block, { title, linkTo }).join("\n")), ...more].join("\n\n");
}

export function textOf(document: ReportDocument, options: TextOptions = {}): string {
  const { title, site, period, comparedWith, parts, origin } = document;
  const linkTo = options.linkTo ?? ((path) => origin + path);
  const told = comparedWith === null ? period.label : `${period.label}, compared with ${comparedWith}`;
  const stop = options.unsubscribe === undefined ? [] : [`Stop these mails: ${options.unsubscribe}`];
  const all = parts.map((part) => partText(part, (path) => linkTo(path, part.id)));
  return `${[title, `${site.name}, ${told}`, ...all, ...stop].join("\n\n")}\n`;
}
