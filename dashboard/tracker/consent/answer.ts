import type { Purpose } from "../../../workers/domain/consent.ts";

/** By purpose: allowed, refused, or left out while nobody has said. */
export type Answer = Partial<Record<Purpose, boolean>>;
