// `npm run soak`: random rounds of faults and garbage for as long as told, or so many of faults alone; ends at the first
// thing that is wrong.

import { parseArgs } from "node:util";
import { startRounds, tallyOf } from "../test/support/fault-round.ts";
import { startUpkeepServer } from "../test/support/upkeep.ts";
import { seededRandom } from "../workers/local/simulator/random.ts";
import { fuzzRound, killRound, recount, type Soak } from "./rounds.ts";

const USAGE = `Kills the server in mid-load and mid-upkeep and throws garbage at it, in random rounds.

  npm run soak -- [options]

  --minutes N   how long (10)
  --rounds N    so many rounds of kills instead, and no garbage
  --seed TEXT   repeats the choices of an earlier run
`;

const ROUNDS_A_RECOUNT = 5;
const VICTIMS = [
  [10, "workerd"],
  [1, "node"],
  [1, "both"],
] as const;

interface Length {
  minutes: number;
  /** Null: as many as fit the minutes. */
  rounds: number | null;
}

async function soak({ minutes, rounds }: Length, seed: string): Promise<void> {
  const deadline = Date.now() + minutes * 60_000;
  const server = await startUpkeepServer();
  const random = seededRandom(seed);
  const state: Soak = {
    server,
    random,
    acknowledged: new Map(),
    rounds: startRounds(server, seed, VICTIMS),
    kills: [],
  };
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const isOver = (round: number) => (rounds === null ? Date.now() >= deadline : round > rounds);
  try {
    for (let round = 1; !isOver(round); round++) {
      say(await (rounds === null && random.chance(0.3) ? fuzzRound(state) : killRound(state)));
      if (rounds === null && round % ROUNDS_A_RECOUNT === 0) say(await recount(state));
    }
    say(await recount(state));
    say(tallyOf(state.kills));
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
    rounds: { type: "string" },
    seed: { type: "string", default: String(Date.now()) },
    help: { type: "boolean", default: false },
  },
});
const length: Length = {
  minutes: Number(values.minutes),
  rounds: values.rounds === undefined ? null : Number(values.rounds),
};
if (values.help) process.stdout.write(USAGE);
else if (!(length.minutes > 0)) throw new Error(`--minutes ${values.minutes}: use a number above 0`);
else if (length.rounds !== null && !(length.rounds > 0)) {
  throw new Error(`--rounds ${values.rounds}: use a number above 0`);
} else {
  console.log(`seed ${values.seed}`);
  await soak(length, values.seed);
}
