import { defineSection } from "../section.ts";

/** What follows begins a new page: seen to where the parts are put together. */
export const pageBreak = defineSection("page_break", {
  label: "Page break",
  about: "On paper, what follows begins a new page.",
  make: async () => [],
});
