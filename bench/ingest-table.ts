import type { Measured } from "./ingest.ts";
import { table } from "./table.ts";

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
/** Cores that others may use before the figures mislead. */
const BUSY_CORES = 0.2;

const whole = (value: number | null) => (value === null ? "" : Math.round(value).toLocaleString("en"));

function rowOf(measured: Measured): string[] {
  const { name, latency, accepted, counted } = measured;
  return [
    name,
    whole(measured.requestsPerSecond),
    whole(measured.eventsPerSecond),
    measured.cpuMicrosPerEvent.toFixed(1),
    measured.clientMicrosPerEvent.toFixed(1),
    latency.p50.toFixed(1),
    latency.p99.toFixed(1),
    whole(accepted),
    whole(counted),
    measured.othersCores.toFixed(2),
  ];
}

export function ingestTable(rows: readonly Measured[]): string {
  const made = table(HEAD, rows.map(rowOf));
  const busy = Math.max(...rows.map(({ othersCores }) => othersCores));
  if (busy <= BUSY_CORES) return made;
  return `${made}\nother processes took up to ${busy.toFixed(1)} cores: rates are too low, and CPU times too high`;
}
