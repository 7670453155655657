import { byName } from "./by-name.ts";
import { plausible } from "./plausible.ts";
import type { Preset } from "./preset.ts";
import { umami } from "./umami.ts";

/** Known tables, the most particular first; the first that fits is used. */
export const presets: readonly Preset[] = [plausible, umami, byName];
