// What people write in a section of text: paragraphs and lists. Marks of emphasis and links keep their words.
import type { ReportBlock } from "../domain/report-document.ts";

const plain = (text: string): string =>
  text
    .replace(/\*\*([^*]+)\*\*/g, "$1")
    .replace(/^#{1,6} +/, "")
    .replace(/\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g, "$1 ($2)");

const ITEM = /^\s*[-*] +/;

/** Lines that belong together make one paragraph; a list item a line. */
export function textBlocks(text: string): ReportBlock[] {
  const blocks: ReportBlock[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) blocks.push({ kind: "paragraph", text: open.join(" ") });
    open = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const words = plain(line.replace(ITEM, "").trim());
    if (words === "") close();
    else if (!ITEM.test(line)) {
      open.push(words);
      if (/^#{1,6} /.test(line)) close();
    } else {
      close();
      const last = blocks.at(-1);
      const item = { text: words, tone: "neither", link: null } as const;
      if (last?.kind === "list") last.items.push(item);
      else blocks.push({ kind: "list", items: [item] });
    }
  }
  close();
  return blocks;
}
