import type { PanelDefinition } from "./definition.ts";

export const sources: PanelDefinition = {
  id: "sources",
  title: "Sources",
  tabs: [
    { id: "sources", label: "Sources", dimension: "visit:source", finer: "visit:referrer" },
    { id: "channels", label: "Channels", dimension: "visit:channel" },
    {
      id: "campaigns",
      label: "Campaigns",
      dimension: "visit:utm_campaign",
      variants: [
        { id: "campaigns", label: "Campaign", dimension: "visit:utm_campaign" },
        { id: "utm_source", label: "Source", dimension: "visit:utm_source" },
        { id: "utm_medium", label: "Medium", dimension: "visit:utm_medium" },
        { id: "utm_term", label: "Term", dimension: "visit:utm_term" },
        { id: "utm_content", label: "Content", dimension: "visit:utm_content" },
      ],
    },
  ],
  empty: "Add ?utm_source=… to the links you share, and their visits appear here by name.",
};
