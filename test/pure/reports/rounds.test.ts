import { expect, it } from "vitest";
import { querySchema } from "../../../workers/domain/query.ts";
import type { Question } from "../../../workers/domain/question.ts";
import { inRounds } from "../../../workers/reports/rounds.ts";
import type { Answer, AskMany } from "../../../workers/reports/section.ts";

const about = (metric: string): Question => querySchema.parse({ site_id: "s", metrics: [metric], date_range: "7d" });
const metricOf = (question: Question): string => ("metrics" in question ? question.metrics.join() : "");
/** A refusal stands for an answer: its path says which question it is to. */
const answerTo = (question: Question): Answer => ({ errors: [{ path: metricOf(question), message: "" }] });
const named = (answers: readonly Answer[]) =>
  answers.map((answer) => ("errors" in answer ? answer.errors[0]?.path : null)).join(" ");

it("what works ask at the same time is asked at once, and each gets its own answers", async () => {
  const rounds: string[] = [];
  const ask: AskMany = async (questions) => {
    rounds.push(questions.map(metricOf).join(" "));
    return questions.map(answerTo);
  };
  const once =
    (...metrics: string[]) =>
    async (own: AskMany) =>
      named(await own(metrics.map(about)));
  const twice = async (own: AskMany) => `${named(await own([about("c")]))} ${named(await own([about("d")]))}`;
  const outcomes = await inRounds(ask, [once("a", "b"), twice, once(), once("e")]);
  expect(rounds).toEqual(["a b c e", "d"]);
  expect(outcomes.map((one) => (one.status === "fulfilled" ? one.value : "failed"))).toEqual(["a b", "c d", "", "e"]);
});

it("a question that fails takes only its own work with it", async () => {
  const ask: AskMany = async (questions) => {
    if (questions.some((one) => metricOf(one) === "bad")) throw new Error("cannot be asked");
    return questions.map(answerTo);
  };
  const work = (metric: string) => async (own: AskMany) => named(await own([about(metric)]));
  const outcomes = await inRounds(ask, [work("a"), work("bad"), work("c")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
