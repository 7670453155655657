// One site's flood is refused at the door, and another site loses nothing by it. Calm and flood are measured in turn; how much
// slower the other site becomes is printed and not judged, since it says as much of the machine.

import { afterAll, beforeAll, expect, it } from "vitest";
import { BROWSER, connectTestApi, type TestApi } from "../support/api.ts";
import { type PacedResult, runPacedLoad } from "../support/paced-load.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const ROUNDS = 4;
const SECONDS = 2;
const QUIET_PER_SECOND = 100;
const FLOOD_PER_SECOND = 3_000;
const LIMIT = 300;

let server: TestServer;
let api: TestApi;

beforeAll(async () => {
  server = await startTestServer({ trustProxy: true });
  api = connectTestApi(server);
});
afterAll(() => server.discard());

const port = () => Number(new URL(server.url).port);
const p95 = ({ latencies }: PacedResult) => latencies[Math.ceil(0.95 * latencies.length) - 1] ?? Number.NaN;
/** Whether the machine had the time to send and answer it at its rate, beside all else that it does. */
const isCarried = ({ latencies }: PacedResult) => (latencies[latencies.length >> 1] ?? Number.NaN) < 50;
const middle = (figures: number[]) => figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;

const load = (site: string, name: string, perSecond: number, seconds = SECONDS): Promise<PacedResult> =>
  runPacedLoad({
    port: port(),
    site,
    name,
    perSecond,
    seconds,
    connections: perSecond > 1000 ? 64 : 16,
    userAgent: BROWSER,
  });

it("a flood on a limited site is refused in order, and of another site no event is lost", async () => {
  await api.createSite({ id: "quiet" });
  await api.createSite({ id: "flooded", eventsPerSecond: LIMIT });
  await load("quiet", "warm", QUIET_PER_SECOND);
  const calm: PacedResult[] = [];
  const loud: PacedResult[] = [];
  const floods: PacedResult[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    calm.push(await load("quiet", `calm-${round}`, QUIET_PER_SECOND));
    const flood = load("flooded", `flood-${round}`, FLOOD_PER_SECOND, SECONDS + 1);
    // The flood's first second is its burst, which is taken.
    await load("quiet", `onset-${round}`, QUIET_PER_SECOND, 1);
    loud.push(await load("quiet", `loud-${round}`, QUIET_PER_SECOND));
    floods.push(await flood);
  }
  const carried = floods.flatMap((flood, round) => (isCarried(flood) ? [round] : []));
  const p95Of = (results: PacedResult[]) => middle(carried.map((round) => p95(results[round]!)));
  const [calmP95, loudP95] = [p95Of(calm), p95Of(loud)];
  console.log(
    `${carried.length} of ${ROUNDS} floods carried; quiet site's p95: calm ${calmP95.toFixed(1)} ms, beside the flood ${loudP95.toFixed(1)} ms`,
  );

  console.log(
    "each round's p95, calm, beside the flood, of the flood:",
    [calm, loud, floods].map((all) => all.map(p95)),
  );

  const quietEvents = QUIET_PER_SECOND * (SECONDS * (2 * ROUNDS + 1) + ROUNDS);
  for (const { statuses } of [...calm, ...loud]) expect(statuses).toEqual({ 202: QUIET_PER_SECOND * SECONDS });
  expect((await api.status("quiet")).events).toBe(quietEvents);

  const answers = (status: string) => floods.reduce((sum, { statuses }) => sum + (statuses[status] ?? 0), 0);
  expect(answers("202") + answers("429")).toBe(FLOOD_PER_SECOND * (SECONDS + 1) * ROUNDS);
  expect(answers("429")).toBeGreaterThan(answers("202"));
  expect((await api.status("flooded")).events).toBe(answers("202"));
});
