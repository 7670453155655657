export { apiKeys } from "./api-keys.ts";
export { drops } from "./drops.ts";
export { goals } from "./goals.ts";
export { imports } from "./imports.ts";
export { eventsView, rawEvents } from "./raw-events.ts";
export { rollups } from "./rollups.ts";
export { secretClaims } from "./secret-claims.ts";
export { sites } from "./sites.ts";
