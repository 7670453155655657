import type { PanelDefinition } from "./definition.ts";

export const pages: PanelDefinition = {
  id: "pages",
  title: "Pages",
  tabs: [
    { id: "top", label: "Top", dimension: "event:page" },
    { id: "entry", label: "Entry", dimension: "visit:entry_page" },
    { id: "exit", label: "Exit", dimension: "visit:exit_page" },
    { id: "hosts", label: "Hosts", dimension: "event:hostname" },
  ],
  empty: "Pages appear here with the first view in this period.",
};
