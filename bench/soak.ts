// `npm run soak`: random rounds of faults and garbage for as long as told; ends at the first thing that is wrong.

import { parseArgs } from "node:util";
import { startTestServer } from "../test/support/server.ts";
import { seededRandom } from "../workers/local/simulator/random.ts";
import { faultRound, fuzzRound, recount, type Soak } from "./rounds.ts";

const USAGE = `Kills the server in mid-load and throws garbage at it, in random rounds.

  npm run soak -- [options]

  --minutes N   how long (10)
  --seed TEXT   repeats the choices of an earlier run
`;

const ROUNDS_A_RECOUNT = 5;

async function soak(minutes: number, seed: string): Promise<void> {
  const deadline = Date.now() + minutes * 60_000;
  const server = await startTestServer({ trustProxy: true });
  const state: Soak = { server, random: seededRandom(seed), acknowledged: new Map() };
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  try {
    for (let round = 1; Date.now() < deadline; round++) {
      say(await (state.random.chance(0.3) ? fuzzRound(state) : faultRound(state)));
      if (round % ROUNDS_A_RECOUNT === 0) say(await recount(state));
    }
    say(await recount(state));
    await server.discard();
  } catch (error) {
    await server.stop();
    console.error(`seed ${seed}; the state is left in ${server.dataDir}\n${server.output().slice(-4000)}`);
    throw error;
  }
}

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now()) },
    help: { type: "boolean", default: false },
  },
});
const minutes = Number(values.minutes);
if (values.help) process.stdout.write(USAGE);
else if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: use a number above 0`);
else {
  console.log(`seed ${values.seed}`);
  await soak(minutes, values.seed);
}
