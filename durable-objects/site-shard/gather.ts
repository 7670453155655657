// Group commit. Entries that arrive within one turn of the event loop are committed together; those that arrive while a
// commit is under way form the next group. Idle, an entry waits for nothing but its own commit.

/** Turns that a group may take to gather. */
const TURNS_MAX = 4;

interface Waiting<Entry, Result> {
  entry: Entry;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export interface Gather<Entry, Result> {
  /** Resolves with the entry's result once the commit that holds it has returned; rejects if that commit failed. */
  add(entry: Entry): Promise<Result>;
  /** Entries that wait for a commit: the measure of back-pressure. */
  readonly waiting: number;
}

export interface GatherPorts<Entry, Result> {
  /** Commits a group and returns a result per entry, in order. */
  commit: (entries: Entry[]) => Promise<Result[]>;
  /** Resolves when what is already on its way has arrived. */
  turn: () => Promise<void>;
}

export function createGather<Entry, Result>(ports: GatherPorts<Entry, Result>): Gather<Entry, Result> {
  let waiting: Waiting<Entry, Result>[] = [];
  let running = false;

  async function commitGroup(): Promise<void> {
    const group = waiting;
    waiting = [];
    try {
      const results = await ports.commit(group.map((one) => one.entry));
      for (const [i, one] of group.entries()) {
        const result = results[i];
        if (result === undefined) one.reject(new Error("the commit returned too few results"));
        else one.resolve(result);
      }
    } catch (error) {
      for (const one of group) one.reject(error);
    }
  }

  /** A turn, and another one as long as each brings more: a stream of entries makes few large groups, one makes its own. */
  async function gathered(): Promise<void> {
    for (let turns = 0, held = 0; turns < TURNS_MAX && waiting.length > held; turns++) {
      held = waiting.length;
      await ports.turn();
    }
  }

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      await gathered();
      await commitGroup();
    }
    running = false;
  }

  return {
    add(entry) {
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ entry, resolve, reject });
        if (!running) void run();
      });
    },
    get waiting() {
      return waiting.length;
    },
  };
}
