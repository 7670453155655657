import type { PanelDefinition } from "./definition.ts";
import { pages } from "./pages.ts";
import { places } from "./places.ts";
import { sources } from "./sources.ts";
import { technology } from "./technology.ts";

/** The breakdown panels of the Overview, in order. */
export const PANELS: readonly PanelDefinition[] = [pages, sources, places, technology];
