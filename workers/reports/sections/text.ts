import { defineSection } from "../section.ts";
import { textBlocks } from "../text-blocks.ts";

export const text = defineSection("text", {
  label: "Text",
  about: "Paragraphs, and lists of lines that begin with a dash.",
  make: async (section) => [{ title: "", blocks: textBlocks(section.text), path: null }],
});
