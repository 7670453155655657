// `npm run bench`: measures, prints tables, keeps the figures in results/ and puts those of a full run into the README and
// docs/scale.md.

import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureAlerts } from "./alerts/measure.ts";
import { anomalyTable, measureAnomaly } from "./anomaly/measure.ts";
import { type BenchServer, startBenchServer } from "./bench-server.ts";
import { measureCost } from "./cost/measure.ts";
import { measureDashboard } from "./dashboard/measure.ts";
import { alertsTable, figures, reportsTable, writeBetween } from "./figures.ts";
import { measureFreshness } from "./freshness.ts";
import { proveOverHttp } from "./http-proof.ts";
import { measureIngest } from "./ingest.ts";
import { ingestTable } from "./ingest-table.ts";
import {
  jsonLine,
  type Outcome,
  type PartName,
  type Parts,
  type RunKind,
  readOutcome,
  writeOutcome,
} from "./outcome.ts";
import { FULL, type Plan, QUICK } from "./plans.ts";
import { measureSize } from "./query/measure.ts";
import { measureReports } from "./reports/measure.ts";
import { scaleTables } from "./scale.ts";

const USAGE = `Measures the product on this machine.

  npm run bench -- [options]

  --quick           a small version in under two minutes, kept in results/quick.json
  --only PARTS      of ingest, live, http, query, cost, dashboard, anomaly, alerts, reports; the others stay as they were last measured
  --sizes NUMBERS   events of the reference data that questions are asked of: 1000000,10000000
  --connections N   keep-alive connections of the load generator (64)
  --json            the last line is the result as JSON

DuckDB beside it: npm ci --prefix bench
`;

const PARTS: readonly PartName[] = [
  "ingest",
  "live",
  "http",
  "query",
  "cost",
  "dashboard",
  "anomaly",
  "alerts",
  "reports",
];

interface Run {
  plan: Plan;
  now: number;
  connections: number;
  /** Of this run, or of the last in which they were measured. */
  known: Partial<Parts>;
}

/** Each part on a server of its own, so that none pays for what another left behind. */
async function onServer<Result>(measure: (bench: BenchServer) => Promise<Result>): Promise<Result> {
  const bench = await startBenchServer();
  try {
    return await measure(bench);
  } catch (error) {
    console.error(bench.server.output().slice(-2000));
    throw error;
  } finally {
    await bench.server.discard();
  }
}

function need<Name extends PartName>(known: Partial<Parts>, name: Name): NonNullable<Partial<Parts>[Name]> {
  const part = known[name];
  if (!part) throw new Error(`--only: cost needs the figures of ${name}; measure it too`);
  return part;
}

const MEASURE: { [Name in PartName]: (run: Run) => Promise<Parts[Name]> } = {
  async ingest({ plan, connections }) {
    const { rows, result } = await measureIngest({ connections, ...plan.ingest });
    console.log(ingestTable(rows));
    return { result, rows, connections };
  },
  live: ({ plan }) => onServer((bench) => measureFreshness(bench, plan.live)),
  http: ({ plan, now }) => onServer((bench) => proveOverHttp(bench, { events: plan.httpEvents, now })),
  async query({ plan, now }) {
    const sizes = [];
    for (const events of plan.sizes) {
      const sqlite = events <= plan.sqliteAtMost;
      sizes.push(await onServer((bench) => measureSize(bench, { events, now, sqlite })));
      console.log(`${events} events: asked, and answered alike by the databases beside`);
    }
    return sizes;
  },
  cost: ({ plan, known }) => {
    const { cpuMicrosPerEvent } = need(known, "ingest").result.single;
    const { bytesPerEvent, rollUpMonth, dashboardLoad } = need(known, "query").at(-1)!; // there is no run without a size
    const options = { cpuMicrosPerEvent, bytesPerEvent, rollUpMonth, dashboardLoad, seconds: plan.costSeconds };
    return onServer((bench) => measureCost(bench, options));
  },
  dashboard: ({ plan, now }) => onServer((bench) => measureDashboard(bench, { ...plan.dashboard, now })),
  async anomaly() {
    const found = await measureAnomaly();
    console.log(found ? anomalyTable(found) : "anomaly: set EDGEWISE_FIXTURES to the folder of the labelled series");
    return found;
  },
  async alerts({ plan, now }) {
    const found = await onServer((bench) => measureAlerts(bench, { ...plan.alerts, now }));
    console.log(alertsTable(found));
    return found;
  },
  async reports({ plan, now }) {
    const found = await measureReports({ ...plan.reports, now });
    console.log(reportsTable(found));
    return found;
  },
};

function optionsOf() {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: PARTS.join(",") },
      sizes: { type: "string" },
      json: { type: "boolean", default: false },
      connections: { type: "string", default: "64" },
      help: { type: "boolean", default: false },
    },
  });
  const connections = Number(values.connections);
  if (!(connections >= 1 && connections <= 1000)) throw new Error("--connections: use a number from 1 to 1000");
  const wanted = values.only.split(",");
  const only = PARTS.filter((name) => wanted.includes(name));
  if (only.length < wanted.length) throw new Error(`--only: use ${PARTS.join(", ")}, separated by commas`);
  const base = values.quick ? QUICK : FULL;
  const sizes = values.sizes?.split(",").map(Number) ?? base.sizes;
  if (sizes.some((events) => !(events >= 20_000))) throw new Error("--sizes: use numbers from 20000 up");
  return { ...values, connections, only, plan: { ...base, sizes } };
}

async function main(): Promise<void> {
  const options = optionsOf();
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const kind: RunKind = options.quick ? "quick" : "latest";
  const before = await readOutcome(kind);
  const machine = { cores: availableParallelism(), model: cpus()[0]?.model ?? "", node: process.version };
  const outcome: Outcome = { machine, measuredAt: { ...before?.measuredAt }, parts: { ...before?.parts } };
  const own: Partial<Parts> = {};
  for (const name of options.only) {
    const { plan, connections } = options;
    const begun = performance.now();
    const part = await MEASURE[name]({ plan, connections, now: Date.now(), known: outcome.parts });
    Object.assign(own, { [name]: part });
    Object.assign(outcome.parts, { [name]: part });
    outcome.measuredAt[name] = new Date().toISOString();
    await writeOutcome(kind, outcome);
    console.log(`${name}: took ${Math.round((performance.now() - begun) / 1000)} s`);
  }
  console.log(figures(outcome));
  if (kind === "latest") {
    const root = fileURLToPath(new URL("..", import.meta.url));
    await writeBetween(`${root}README.md`, figures(outcome));
    await writeBetween(`${root}docs/scale.md`, scaleTables(outcome.parts));
  }
  if (options.json) console.log(JSON.stringify(jsonLine(own)));
}

await main();
