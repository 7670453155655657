// What a measurement cost: CPU of one process, and how busy the machine was with anything else meanwhile.

import { readFileSync } from "node:fs";

/** Linux counts CPU time in hundredths of a second for user space. */
const TICK_MICROS = 10_000;

function statFields(path: string): string[] {
  const text = readFileSync(path, "utf8");
  // The name in parentheses may hold spaces.
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** CPU time of a process so far, user and system, microseconds. Linux only: throws elsewhere. */
export function processCpuMicros(pid: number): number {
  const fields = statFields(`/proc/${pid}/stat`);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

/** CPU time that all processes together took since the machine started, microseconds. */
export function machineCpuMicros(): number {
  const [, ...ticks] = readFileSync("/proc/stat", "utf8").split("\n", 1)[0]!.split(/\s+/); // the file has a first line
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = ticks.map(Number);
  return (user + nice + system + irq + softIrq + steal) * TICK_MICROS;
}

/** Resident memory of a process now and at most so far, bytes. Linux only. */
export function processMemory(pid: number): { now: number; peak: number } {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) * 1024;
  return { now: bytes("VmRSS"), peak: bytes("VmHWM") };
}

export interface Spent {
  serverMicros: number;
  clientMicros: number;
  /** Cores that neither server nor client used but somebody else did, on average. */
  othersCores: number;
}

export interface Clock {
  start(): void;
  stop(): void;
  read(): Spent;
}

/** Measures between `start` and `stop`: the server by its process id, the client as this process. */
export function createClock(serverPid: number): Clock {
  const now = () => {
    const { user, system } = process.cpuUsage();
    return {
      server: processCpuMicros(serverPid),
      client: user + system,
      machine: machineCpuMicros(),
      wall: performance.now() * 1000,
    };
  };
  let from = now();
  let to = from;
  return {
    start() {
      from = now();
    },
    stop() {
      to = now();
    },
    read() {
      const serverMicros = to.server - from.server;
      const clientMicros = to.client - from.client;
      const others = to.machine - from.machine - serverMicros - clientMicros;
      return { serverMicros, clientMicros, othersCores: Math.max(0, others / (to.wall - from.wall)) };
    },
  };
}
