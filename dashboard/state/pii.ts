// Personal values of a site: what was replaced, and a text to try settings on.
import type { FoundKind, PiiFound, PiiKind, PiiPlace, PiiSettings } from "../../workers/domain/pii-kind.ts";
import { OWN_PATTERN, PII_KINDS, PII_PLACES } from "../../workers/domain/pii-kind.ts";
import { type Reply, request } from "./api.ts";
import { formatExact } from "./format.ts";
import { sitePath } from "./sites.ts";
import type { TableModel } from "./table-model.ts";

export const KINDS = Object.keys(PII_KINDS) as PiiKind[]; // the record's own keys

export const kindLabel = (kind: FoundKind): string => (kind === OWN_PATTERN ? "Own patterns" : PII_KINDS[kind].label);

export function loadPiiFound(siteId: string): Promise<Reply<{ found: PiiFound[] }>> {
  return request(`${sitePath(siteId)}/pii?days=30`);
}

export interface TriedPii {
  text: string | null;
  found: { kind: FoundKind; count: number }[];
}

export function tryPii(siteId: string, tried: { text: string; pii: PiiSettings }): Promise<Reply<TriedPii>> {
  return request(`${sitePath(siteId)}/pii/try`, { method: "POST", send: tried });
}

const COLUMNS = [
  { id: "kind", label: "What", numeric: false },
  { id: "place", label: "Where", numeric: false },
  { id: "count", label: "How often", numeric: true },
];

/** The days of each kind and place together. */
export function foundTable(found: readonly PiiFound[]): TableModel {
  const groups = new Map<string, { kind: FoundKind; place: PiiPlace; count: number }>();
  for (const { kind, place, count } of found) {
    const key = `${kind} ${place}`;
    groups.set(key, { kind, place, count: count + (groups.get(key)?.count ?? 0) });
  }
  return {
    columns: COLUMNS,
    rows: [...groups.values()].map(({ kind, place, count }) => ({
      cells: [
        { text: kindLabel(kind), sort: kindLabel(kind) },
        { text: PII_PLACES[place], sort: PII_PLACES[place] },
        { text: formatExact(count), sort: count },
      ],
    })),
  };
}
