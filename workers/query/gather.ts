// Brings together what planned questions need: roll-ups, and one scan of each shard for all the rest.

import type { ShardStanding } from "../../durable-objects/site-shard/protocol.ts";
import type { Rolled } from "../analyses/roll-up.ts";
import { rolledFrom } from "../analyses/rolled/body.ts";
import type { Table } from "../analyses/table.ts";
import type { Period } from "../domain/period.ts";
import type { QueryMeta } from "../domain/query.ts";
import { bodiesByBucket, type RolledGrain, type RollupRead, type StoredRollup } from "../domain/rollup.ts";
import type { ScanReply, ScanRequest } from "../engine/scan.ts";
import { archivedOf, type Found, foundBy, freshnessOf, scannedOf, tableFrom } from "./merge.ts";
import type { GroupPlan } from "./plan.ts";
import {
  mayBeRolled,
  type RolledPlan,
  readsOf,
  requestsOf,
  rolledPlans,
  rolledTable,
  type Standing,
  standingOf,
} from "./rolled.ts";
import type { RolledCache } from "./rolled-cache.ts";
import { besideReads, holesIn, shardsIn } from "./rolled-holes.ts";

export interface RolledPorts {
  standing(shard: number, periods: Period[]): Promise<ShardStanding>;
  read(reads: readonly RollupRead[]): Promise<{ rows: StoredRollup[]; rowsRead: number }>;
  /** Parsed rows of before, and under what name those of the site are held. */
  held?: { cache: RolledCache; site: string };
}

export interface GatherPorts {
  shards: number;
  now: number;
  scan(shard: number, requests: ScanRequest[]): Promise<ScanReply[]>;
  /** Absent, the shards are asked for everything. */
  rolled?: RolledPorts | undefined;
  /** When they were asked for already. */
  standings?: readonly ShardStanding[] | undefined;
}

export type Source = QueryMeta["source"];

export interface Gathered {
  found(request: ScanRequest): Found;
  table(plan: GroupPlan): Table;
  sourceOf(plans: readonly GroupPlan[]): Source;
  meta: Pick<QueryMeta, "scanned" | "archived" | "rolled" | "freshness">;
}

export async function askShards(
  ports: Pick<GatherPorts, "shards" | "scan">,
  requests: ScanRequest[],
): Promise<ScanReply[]> {
  const replies = Array.from({ length: ports.shards }, (_, shard) => ports.scan(shard, requests));
  return (await Promise.all(replies)).flat();
}

interface RolledPlans {
  plans: Map<GroupPlan, RolledPlan[]>;
  standing: Standing | null;
  /** The shards' last versions, by which parsed rows are known to be of now. */
  rolls: string;
}

/** How all shards stand, and what the content of each period is known by. */
export function askStandings(
  { shards, rolled }: Pick<GatherPorts, "shards" | "rolled">,
  periods: Period[],
): Promise<ShardStanding[]> {
  if (!rolled) return Promise.resolve([]);
  return Promise.all(Array.from({ length: shards }, (_, shard) => rolled.standing(shard, periods)));
}

function plansWith(groups: readonly GroupPlan[], known: Parameters<typeof rolledPlans>[1]) {
  const plans = new Map<GroupPlan, RolledPlan[]>();
  for (const group of groups.filter(mayBeRolled)) {
    const own = rolledPlans(group, known);
    if (own) plans.set(group, own);
  }
  return plans;
}

async function planRolled(groups: readonly GroupPlan[], ports: GatherPorts): Promise<RolledPlans> {
  const { now, rolled } = ports;
  if (!rolled || !groups.some(mayBeRolled)) return { plans: new Map(), standing: null, rolls: "" };
  const standings = ports.standings ?? (await askStandings(ports, []));
  const standing = standingOf(standings);
  const rolls = standings.map((one) => one.rolls).join();
  return { plans: plansWith(groups, { standing, now }), standing, rolls };
}

type Told = (grain: RolledGrain, bucket: number, panel: string) => Rolled[];

interface RolledRead {
  told: Told;
  rowsRead: number;
  holes: ReadonlySet<string>;
}

/** Looks beside what not all shards told of; a row that is there of another panel says that one is missing. */
async function findHoles(
  { plans, standing }: RolledPlans,
  { rolled, shards }: GatherPorts,
  { rows, wanted }: { rows: readonly StoredRollup[]; wanted: Parameters<typeof readsOf>[1] },
): Promise<Pick<RolledRead, "holes" | "rowsRead">> {
  const own = shardsIn(rows);
  const all = [...plans.values()].flat();
  const isShort: typeof wanted = (grain, bucket, panel) =>
    bucket >= standing!.heldSince && wanted(grain, bucket, panel) && own.panel(grain, bucket, panel).size < shards;
  const reads = besideReads(all, wanted, isShort);
  const beside = reads.length > 0 ? await rolled!.read(reads) : { rows: [], rowsRead: 0 };
  const holes = holesIn(all, isShort, shardsIn([...rows, ...beside.rows]));
  return { holes, rowsRead: beside.rowsRead };
}

/** Reads only what is not held. */
async function readRolled(planned: RolledPlans, ports: GatherPorts): Promise<RolledRead> {
  const { plans, rolls } = planned;
  const { rolled } = ports;
  if (!rolled || plans.size === 0) return { told: () => [], rowsRead: 0, holes: new Set() };
  const held = rolled.held?.cache.of(rolled.held.site, rolls);
  const keyOf = (grain: RolledGrain, bucket: number, panel: string) => `${grain} ${bucket} ${panel}`;
  const wanted = (grain: RolledGrain, bucket: number, panel: string) =>
    held?.get(keyOf(grain, bucket, panel)) === undefined;
  const reads = readsOf([...plans.values()].flat(), wanted);
  const { rows, rowsRead } = reads.length > 0 ? await rolled.read(reads) : { rows: [], rowsRead: 0 };
  const beside = await findHoles(planned, ports, { rows, wanted });
  const bodies = bodiesByBucket(rows);
  const parsed = new Map<string, Rolled[]>();
  const told: Told = (grain, bucket, panel) => {
    const key = keyOf(grain, bucket, panel);
    const known = held?.get(key) ?? parsed.get(key);
    if (known) return known;
    const own = bodies(grain, bucket, panel);
    const made = own.map(rolledFrom);
    parsed.set(key, made);
    held?.set(
      key,
      made,
      own.reduce((sum, body) => sum + body.length, 100),
    );
    return made;
  };
  return { told, rowsRead: rowsRead + beside.rowsRead, holes: beside.holes };
}

function uniqueRequests(requests: readonly ScanRequest[]): ScanRequest[] {
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
}

interface Questions {
  groups: readonly GroupPlan[];
  requests: readonly ScanRequest[];
}

interface Answered {
  replies: ScanReply[];
  /** By the request's text. */
  finds: Map<string, Found>;
  rowsRead: number;
  holes: Set<string>;
}

/** Rows of a month that are missing are told by its days, of which some may be missing too. */
const MOST_READS = 3;

/** Where rows turn out to be missing, once more; what was answered is not asked again. */
async function readAll({ groups, requests }: Questions, planned: RolledPlans, ports: GatherPorts) {
  const answered: Answered = { replies: [], finds: new Map(), rowsRead: 0, holes: new Set() };
  const { standing } = planned;
  for (let read = 1, { plans } = planned; ; read++) {
    const plain = groups.filter((group) => !plans.has(group)).map(({ request }) => request);
    const all = uniqueRequests([...requests, ...plain, ...[...plans.values()].flat().flatMap(requestsOf)]);
    const asked = all.filter((request) => !answered.finds.has(JSON.stringify(request)));
    const [replies, { told, rowsRead, holes }] = await Promise.all([
      asked.length > 0 ? askShards(ports, asked) : [],
      readRolled({ ...planned, plans }, ports),
    ]);
    answered.replies.push(...replies);
    answered.rowsRead += rowsRead;
    for (const one of foundBy(asked, replies)) answered.finds.set(JSON.stringify(one.request), one);
    for (const hole of holes) answered.holes.add(hole);
    if (holes.size === 0 || !standing || read === MOST_READS) return { ...answered, plans, told };
    plans = plansWith(groups, { standing, now: ports.now, holes: answered.holes });
  }
}

export async function gather(questions: Questions, ports: GatherPorts): Promise<Gathered> {
  const planned = await planRolled(questions.groups, ports);
  const { plans, replies, finds, told, rowsRead } = await readAll(questions, planned, ports);
  const found = (request: ScanRequest) => finds.get(JSON.stringify(request))!;
  return {
    found,
    table(group) {
      const own = plans.get(group);
      if (!own) return tableFrom(found(group.request));
      const rows = own.flatMap((plan) => {
        const table = rolledTable(plan, { told, asked: (request) => found(request).partials });
        if (!plan.rest) return table.rows;
        const rest = tableFrom({ request: group.request, partials: found(plan.rest).partials });
        return [...table.rows, ...rest.rows];
      });
      return { rows };
    },
    sourceOf(own) {
      const kinds = own.map((group) => {
        const plan = plans.get(group);
        if (!plan) return "shards";
        return plan.some((one) => requestsOf(one).length > 0) ? "rollups_and_shards" : "rollups";
      });
      return kinds.every((kind) => kind === kinds[0]) ? (kinds[0] ?? "shards") : "rollups_and_shards";
    },
    meta: { scanned: scannedOf(replies), ...archivedOf(replies), rolled: rowsRead, freshness: freshnessOf(replies) },
  };
}
