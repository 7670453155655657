// Answers of before, each with what its period's content was known by. One is given again while that is the same, where it
// was read after the question came, or while it is younger than its price allows: many readers of a busy site would else have
// its events read again at every glance.

/** What an answer is known by. */
export interface Known {
  key: string;
  /** Of its period: another one as soon as an event comes or goes. */
  content: string;
}

export interface Made {
  /** Milliseconds: before anything was read for it. */
  at: number;
  /** Rows that were read for it. */
  scanned: number;
}

export interface Wanted {
  /** Milliseconds: when the question came, and the present. */
  asked: number;
  now: number;
}

export interface AnswerCache<Answer> {
  get(known: Known, wanted: Wanted): Answer | undefined;
  set(known: Known, made: Made, answer: Answer): void;
}

/** So many rows read make an answer good for one second, whatever comes in. A small site's are never late. */
const ROWS_PER_SECOND = 50_000;
const FREE_ROWS = 50_000;
const MOST_LATE_MS = 60_000;

function lateBy({ scanned }: Made): number {
  return scanned < FREE_ROWS ? 0 : Math.min((1000 * scanned) / ROWS_PER_SECOND, MOST_LATE_MS);
}

/** `most`: characters of the answers as JSON; those given longest ago leave first. */
export function createAnswerCache<Answer>(most: number): AnswerCache<Answer> {
  const answers = new Map<string, { content: string; made: Made; answer: Answer; chars: number }>();
  let held = 0;

  function forget(key: string): void {
    held -= answers.get(key)?.chars ?? 0;
    answers.delete(key);
  }

  return {
    get({ key, content }, { asked, now }) {
      const known = answers.get(key);
      if (!known) return undefined;
      const isLate = known.made.at <= asked && now - known.made.at >= lateBy(known.made);
      if (known.content !== content && isLate) return undefined;
      answers.delete(key);
      answers.set(key, known);
      return known.answer;
    },
    set({ key, content }, made, answer) {
      forget(key);
      const chars = key.length + JSON.stringify(answer).length;
      if (chars > most) return;
      answers.set(key, { content, made, answer, chars });
      held += chars;
      for (const other of answers.keys()) {
        if (held <= most) return;
        forget(other);
      }
    },
  };
}
