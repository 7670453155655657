import type { PanelDefinition } from "./definition.ts";

export const places: PanelDefinition = {
  id: "places",
  title: "Places",
  tabs: [
    { id: "countries", label: "Countries", dimension: "visit:country" },
    { id: "regions", label: "Regions", dimension: "visit:region" },
    { id: "cities", label: "Cities", dimension: "visit:city" },
  ],
  empty: "Places appear where the server knows them: on Cloudflare, or with a country database on one machine.",
};
