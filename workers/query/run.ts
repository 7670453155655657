// Answers questions about one site: all that are asked together, such as a dashboard's panels, cost one scan a shard.

import type { Query, QueryResult } from "../domain/query.ts";
import type { Goal, Site } from "../domain/site.ts";
import type { ScanReply, ScanRequest } from "../engine/scan.ts";
import { format } from "./format.ts";
import { freshnessOf, mergeReplies, scannedOf } from "./merge.ts";
import { type NormalQuery, normalize, type Refusal } from "./normalize.ts";
import { type GroupPlan, type Plan, planFor } from "./plan.ts";

export interface QueryPorts {
  site: Site;
  goals: readonly Goal[];
  /** Milliseconds. */
  now: number;
  /** Asks one shard; shards are numbered from 0 to site.shards - 1. */
  scan(shard: number, requests: ScanRequest[]): Promise<ScanReply>;
  /** For the time taken, milliseconds; Date.now when left out. */
  clock?: () => number;
}

export type QueryAnswer = QueryResult | Refusal;

export function isRefusal(answer: QueryAnswer): answer is Refusal {
  return "errors" in answer;
}

interface Planned {
  normal: NormalQuery;
  plan: Plan;
}

function askShards(ports: QueryPorts, requests: ScanRequest[]): Promise<ScanReply[]> {
  return Promise.all(Array.from({ length: ports.site.shards }, (_, shard) => ports.scan(shard, requests)));
}

/** Where `all` begins, asked of the shards only when some query needs it. */
async function earliestOf(queries: readonly Query[], ports: QueryPorts): Promise<number | undefined> {
  if (!queries.some(({ date_range }) => date_range === "all")) return undefined;
  const times = (await askShards(ports, [])).flatMap(({ earliest }) => earliest ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}

function groupsOf({ plan }: Planned): GroupPlan[] {
  return [plan.main, plan.comparison].flatMap((part) => (part ? [part.groups, ...Object.values(part.bases)] : []));
}

/** Answers in the order of the queries; a refusal says what to change. Throws when a shard cannot be reached. */
export async function answerQueries(queries: readonly Query[], ports: QueryPorts): Promise<QueryAnswer[]> {
  const clock = ports.clock ?? Date.now;
  const begun = clock();
  const { timeZone } = ports.site;
  const earliest = await earliestOf(queries, ports);
  const calendar = { now: ports.now, timeZone, ...(earliest === undefined ? {} : { earliest }) };
  const normals = queries.map((query) => normalize(query, calendar, ports.goals));
  const planned = normals.map((normal) =>
    "errors" in normal ? normal : { normal, plan: planFor(normal, { timeZone, goals: ports.goals }) },
  );
  const asked = new Map<string, ScanRequest>();
  for (const one of planned) {
    if ("errors" in one) continue;
    for (const { request } of groupsOf(one)) asked.set(JSON.stringify(request), request);
  }
  const requests = [...asked.values()];
  const replies = requests.length > 0 ? await askShards(ports, requests) : [];
  const tables = mergeReplies(requests, replies);
  const tableByRequest = new Map([...asked.keys()].map((key, index) => [key, tables[index]!]));
  const tableOf = ({ request }: GroupPlan) => tableByRequest.get(JSON.stringify(request))!;
  const meta = { scanned: scannedOf(replies), freshness: freshnessOf(replies), ms: clock() - begun };
  return planned.map((one) => ("errors" in one ? one : format({ ...one, timeZone, tableOf, meta })));
}
