// Who reads for questions asked alike: one at a time, while the others wait and then find its answer. A turn is looked at
// again and again rather than waited for, since a promise of a request that is given up may never settle.

export interface Turns {
  /** Ends the turn when called; null while another has it. */
  take(key: string): (() => void) | null;
  /** Settles when nobody has it any more, or had it for too long. */
  over(key: string): Promise<void>;
}

export interface TurnPorts {
  pause: () => Promise<void>;
  /** Milliseconds. */
  clock: () => number;
  /** Milliseconds after which a turn is taken for forgotten. */
  longest: number;
}

export function createTurns({ pause, clock, longest }: TurnPorts): Turns {
  const ends = new Map<string, number>();
  const isTaken = (key: string) => (ends.get(key) ?? 0) > clock();
  return {
    take(key) {
      if (isTaken(key)) return null;
      const end = clock() + longest;
      ends.set(key, end);
      return () => {
        if (ends.get(key) === end) ends.delete(key);
      };
    },
    async over(key) {
      while (isTaken(key)) await pause();
    },
  };
}
