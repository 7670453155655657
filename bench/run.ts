// `npm run bench`: measures, prints a table and keeps the figures in results/latest.json.

import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Measured, measureIngest } from "./ingest.ts";
import { table } from "./table.ts";

const USAGE = `Measures the product on this machine.

  npm run bench -- [options]

  --quick           short rounds, under two minutes in all
  --connections N   keep-alive connections of the load generator (64)
  --json            the last line is the result as JSON
`;

const results = fileURLToPath(new URL("results/", import.meta.url));

const round = (value: number): number => Math.round(value * 10) / 10;

function rowOf(measured: Measured): string[] {
  const { name, latency, accepted, counted } = measured;
  const whole = (value: number | null) => (value === null ? "" : Math.round(value).toLocaleString("en"));
  return [
    name,
    whole(measured.requestsPerSecond),
    whole(measured.eventsPerSecond),
    round(measured.cpuMicrosPerEvent).toFixed(1),
    round(measured.clientMicrosPerEvent).toFixed(1),
    round(latency.p50).toFixed(1),
    round(latency.p99).toFixed(1),
    whole(accepted),
    whole(counted),
    measured.othersCores.toFixed(2),
  ];
}

const BUSY_CORES = 0.2;
const HEAD = [
  "ingest",
  "requests/s",
  "events/s",
  "server µs/event",
  "client µs/event",
  "p50 ms",
  "p99 ms",
  "accepted",
  "counted",
  "cores used by others",
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      connections: { type: "string", default: "64" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const connections = Number(values.connections);
  if (!(connections >= 1 && connections <= 1000)) throw new Error("--connections: use a number from 1 to 1000");
  const { rows, result } = await measureIngest({
    connections,
    warmUpMs: values.quick ? 1500 : 4000,
    measureMs: values.quick ? 5000 : 20_000,
  });
  console.log(table(HEAD, rows.map(rowOf)));
  const busy = Math.max(...rows.map((row) => row.othersCores));
  if (busy > BUSY_CORES) {
    console.log(`other processes took up to ${busy.toFixed(1)} cores: rates are too low, and CPU times too high`);
  }
  const machine = { cores: availableParallelism(), model: cpus()[0]?.model ?? "", node: process.version };
  await mkdir(results, { recursive: true });
  const kept = { at: new Date().toISOString(), machine, connections, ingest: result, rows };
  await writeFile(`${results}latest.json`, `${JSON.stringify(kept, null, 2)}\n`);
  if (values.json) console.log(JSON.stringify({ ingest: result }));
}

await main();
