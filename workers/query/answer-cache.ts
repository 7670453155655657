// Answers of before, each with what its period's content was known by. One is given again only while that is the same: what
// ends it is a new event of its period, and not a clock.

export interface AnswerCache<Answer> {
  get(key: string, content: string): Answer | undefined;
  set(key: string, content: string, answer: Answer): void;
}

/** `most`: characters of the answers as JSON; those given longest ago leave first. */
export function createAnswerCache<Answer>(most: number): AnswerCache<Answer> {
  const answers = new Map<string, { content: string; answer: Answer; chars: number }>();
  let held = 0;

  function forget(key: string): void {
    held -= answers.get(key)?.chars ?? 0;
    answers.delete(key);
  }

  return {
    get(key, content) {
      const known = answers.get(key);
      if (known?.content !== content) return undefined;
      answers.delete(key);
      answers.set(key, known);
      return known.answer;
    },
    set(key, content, answer) {
      forget(key);
      const chars = key.length + JSON.stringify(answer).length;
      if (chars > most) return;
      answers.set(key, { content, answer, chars });
      held += chars;
      for (const other of answers.keys()) {
        if (held <= most) return;
        forget(other);
      }
    },
  };
}
