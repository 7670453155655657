// Which room may import which: DESIGN's table as data. `values` are imports that exist at run time; `types` are erased
// by the compiler and allowed on top of them.

export interface Room {
  values: readonly string[];
  types?: readonly string[];
}

const language = ["domain", "stats", "drawing"];
const upToCatalog = [...language, "catalog"];
const upToAnalyses = [...upToCatalog, "ingest", "engine"];
const upToQuery = [...upToAnalyses, "analyses"];
const upToFeatures = [...upToQuery, "query"];
const ports = ["store", "delivery"];

export const FEATURES = [
  "quality",
  "alerts",
  "reports",
  "experiments",
  "models",
  "exports",
  "history",
  "privacy",
  "access",
];

const feature: Room = { values: upToFeatures, types: ["protocol"] };
const combining: Room = { values: [...upToFeatures, ...FEATURES, ...ports], types: ["protocol", "env", "context"] };
const durableObject: Room = { values: [...upToFeatures, ...ports], types: ["protocol", "env"] };

export const ROOMS: Readonly<Record<string, Room>> = {
  domain: { values: [] },
  stats: { values: [] },
  drawing: { values: [], types: ["domain"] },
  catalog: { values: language },
  ingest: { values: upToCatalog },
  engine: { values: upToCatalog },
  analyses: { values: upToAnalyses },
  query: { values: upToQuery, types: ["protocol"] },
  store: {
    values: ["domain", "catalog"],
    types: ["protocol", "env", "query", "ingest", "site-shard", "live-site", "sign-in", "audit-trail"],
  },
  delivery: { values: ["domain", "catalog"], types: ["env"] },
  ...Object.fromEntries(FEATURES.map((name) => [name, feature])),
  reporting: combining,
  api: { ...combining, values: [...combining.values, "reporting"] },
  jobs: { ...combining, values: [...combining.values, "reporting"] },
  protocol: { values: [], types: ["protocol", ...upToAnalyses] },
  "site-shard": durableObject,
  "live-site": durableObject,
  "sign-in": { ...durableObject, values: [...upToFeatures, ...ports, "access"] },
  "audit-trail": durableObject,
  env: { values: [], types: ["site-shard", "live-site", "sign-in", "audit-trail"] },
  context: { values: [], types: ["env", "protocol", "store", ...upToFeatures] },
  composition: {
    values: [
      ...upToFeatures,
      ...FEATURES,
      ...ports,
      "api",
      "jobs",
      "site-shard",
      "live-site",
      "sign-in",
      "audit-trail",
      "context",
    ],
    types: ["protocol", "env"],
  },
  local: { values: ["domain", "catalog", "tracker-build"], types: ["api", "protocol", "query", "ingest"] },
  dashboard: { values: ["domain", "catalog"], types: ["api", "protocol"] },
  tracker: { values: [], types: ["domain"] },
  "tracker-build": { values: [] },
  pages: { values: [] },
  sdk: { values: ["domain"] },
};

/** Files that are a room by themselves. */
const SINGLE_FILES: Readonly<Record<string, string>> = {
  "workers/index.ts": "composition",
  "workers/compose.ts": "composition",
  "workers/env.ts": "env",
  "workers/context.ts": "context",
  "dashboard/tracker/build.ts": "tracker-build",
};

/** Folder prefix → room; null is free of the table (tests and benchmarks may import anything). The first match counts. */
const FOLDERS: readonly (readonly [RegExp, string | null])[] = [
  [/^durable-objects\/[^/]+\/protocol\.ts$/, "protocol"],
  [/^durable-objects\/([^/]+)\//, "$1"],
  [/^workers\/([^/]+)\//, "$1"],
  [/^dashboard\/functions\//, "pages"],
  [/^dashboard\/tracker\//, "tracker"],
  [/^dashboard\//, "dashboard"],
  [/^sdk\//, "sdk"],
  [/^(?:test|bench)\//, null],
];

/** The room of a file, `null` where everything may be imported, `undefined` where nobody has said. */
export function roomOf(path: string): string | null | undefined {
  const single = SINGLE_FILES[path];
  if (single) return single;
  for (const [pattern, room] of FOLDERS) {
    const match = pattern.exec(path);
    if (match) return room === "$1" ? match[1] : room;
  }
  return undefined;
}
