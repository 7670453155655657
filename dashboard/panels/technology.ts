import type { PanelDefinition } from "./definition.ts";

export const technology: PanelDefinition = {
  id: "technology",
  title: "Technology",
  tabs: [
    { id: "browsers", label: "Browsers", dimension: "visit:browser", finer: "visit:browser_version" },
    { id: "systems", label: "Systems", dimension: "visit:os", finer: "visit:os_version" },
    { id: "devices", label: "Devices", dimension: "visit:device" },
  ],
  empty: "Browsers and devices appear here with the first visit in this period.",
};
