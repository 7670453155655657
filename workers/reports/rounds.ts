// Lets all sections run side by side and asks in rounds: once each of them waits for answers or is done, what all want is asked
// at once, so that a report costs as many scans as its slowest section has rounds.
import type { Question } from "../domain/question.ts";
import type { Answer, AskMany } from "./section.ts";

/** Asked at once at most, which bounds what an answer takes. */
const MOST_AT_ONCE = 100;

interface Waiting {
  questions: Question[];
  resolve(answers: Answer[]): void;
  reject(error: unknown): void;
}

async function inParts(ask: AskMany, questions: Question[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < questions.length; start += MOST_AT_ONCE) {
    answers.push(...(await ask(questions.slice(start, start + MOST_AT_ONCE))));
  }
  return answers;
}

async function answerAll(ask: AskMany, all: readonly Waiting[]): Promise<void> {
  try {
    const answers = await inParts(
      ask,
      all.flatMap(({ questions }) => questions),
    );
    let place = 0;
    for (const { questions, resolve } of all) {
      resolve(answers.slice(place, place + questions.length));
      place += questions.length;
    }
  } catch (error) {
    const [first, ...others] = all;
    if (others.length === 0) first?.reject(error);
    // What failed may be one section's: each by itself.
    else for (const one of all) await answerAll(ask, [one]);
  }
}

/** Outcomes in the order of the works. A work has one question list open at a time. */
export function inRounds<Result>(
  ask: AskMany,
  works: readonly ((ask: AskMany) => Promise<Result>)[],
): Promise<PromiseSettledResult<Result>[]> {
  let running = works.length;
  let waiting: Waiting[] = [];
  const step = (): void => {
    if (waiting.length === 0 || waiting.length < running) return;
    const all = waiting;
    waiting = [];
    void answerAll(ask, all);
  };
  const askLater: AskMany = (questions) => {
    if (questions.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      waiting.push({ questions, resolve, reject });
      step();
    });
  };
  const run = async (work: (ask: AskMany) => Promise<Result>): Promise<Result> => {
    try {
      return await work(askLater);
    } finally {
      running -= 1;
      step();
    }
  };
  return Promise.allSettled(works.map(run));
}
