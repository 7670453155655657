import { analyses } from "../../workers/analyses/index.ts";
import type { Event } from "../../workers/domain/event.ts";
import { amountOf } from "../../workers/domain/money.ts";
import { type Query, type QueryInput, type QueryResult, querySchema } from "../../workers/domain/query.ts";
import { type AnalysisQueryInput, type AnalysisResult, analysisQuerySchema } from "../../workers/domain/question.ts";
import { DEFAULT_RETENTION } from "../../workers/domain/retention.ts";
import { type Goal, newSiteSchema, type Site } from "../../workers/domain/site.ts";
import { batchOf } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import {
  type BatchSource,
  type ScanProgress,
  type ScanReply,
  type ScanRequest,
  scan,
} from "../../workers/engine/scan.ts";
import { answerQueries, isRefusal, type QueryPorts } from "../../workers/query/run.ts";
import { packed } from "./events.ts";

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A shard's events, already in batches. */
export function sourceOf(batches: readonly SortedBatch[]): BatchSource {
  return {
    snapshot: async () => ({ batches: [...batches], release() {} }),
    earliest: Math.min(...batches.map(({ earliest }) => earliest)),
    latest: Math.max(...batches.map(({ latest }) => latest)),
  };
}

export function inBatches(events: readonly Event[], size: number): SortedBatch[] {
  const batches: SortedBatch[] = [];
  for (let start = 0; start < events.length; start += size) {
    batches.push(sortedByVisitor(batchOf(packed(events.slice(start, start + size)))));
  }
  return batches;
}

export function scanAll(
  source: BatchSource,
  requests: readonly ScanRequest[],
  options: { sliceRows?: number; progress?: ScanProgress } = {},
): Promise<ScanReply> {
  return scan(source, requests, { analyses, pause: nextTurn, ...options });
}

export function aSite(fields: Partial<Site> = {}): Site {
  const plain = newSiteSchema.parse({ id: "example.com" });
  const made = {
    retention: DEFAULT_RETENTION,
    teamId: "main",
    createdAt: 0,
    epoch: 1,
    nextShards: null,
    autoShards: true,
  };
  return { ...plain, name: "Example", ...made, ...fields };
}

/** Visitors spread over the site's shards, each wholly in one. */
export function portsOf(
  events: readonly Event[],
  ports: Partial<QueryPorts> & { goals?: Goal[]; sliceRows?: number } = {},
): QueryPorts {
  const site = ports.site ?? aSite();
  const numbers = new Map<string, number>();
  const shardOf = ({ visitorId }: Event) => {
    const number = numbers.get(visitorId) ?? numbers.size;
    numbers.set(visitorId, number);
    return number % site.shards;
  };
  const byShard = Array.from({ length: site.shards }, (): Event[] => []);
  for (const event of events) byShard[shardOf(event)]!.push(event);
  const sources = byShard.map((own) => sourceOf(inBatches(own, 1000)));
  return {
    goals: [],
    now: Date.UTC(2026, 10, 21, 15),
    scan: async (shard, requests) => [await scanAll(sources[shard]!, requests, ports)],
    ...ports,
    site,
  };
}

export function aQuery(input: Partial<QueryInput> = {}): Query {
  return querySchema.parse({ site_id: "example.com", metrics: ["visitors"], date_range: "day", ...input });
}

/** The answer to one query; fails the test on a refusal. */
export async function ask(ports: QueryPorts, input: Partial<QueryInput>): Promise<QueryResult> {
  const [answer] = await answerQueries([aQuery(input)], ports);
  if (!answer || isRefusal(answer)) throw new Error(JSON.stringify(answer));
  return answer;
}

/** Rows as plain lists: dimensions, then metrics. */
export async function rowsOf(ports: QueryPorts, input: Partial<QueryInput>): Promise<(string | number | null)[][]> {
  const { results } = await ask(ports, input);
  return results.map(({ dimensions, metrics }) => [...dimensions, ...metrics.map(amountOf)]);
}

/** The answer to an analysis, its results taken as the shape that the test states; fails the test on a refusal. */
export async function analyse<Results>(
  ports: QueryPorts,
  input: Partial<AnalysisQueryInput> & { analysis: string },
): Promise<AnalysisResult<Results>> {
  const query = analysisQuerySchema.parse({ site_id: "example.com", date_range: "day", ...input });
  const [answer] = await answerQueries([query], ports);
  if (!answer || isRefusal(answer)) throw new Error(JSON.stringify(answer));
  return answer as AnalysisResult<Results>; // the analysis named makes results of that shape
}
