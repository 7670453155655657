import { Hono } from "hono";
import * as z from "zod";
import { AppError, fieldErrors, type Problem } from "../domain/errors.ts";
import type { QueryResult } from "../domain/query.ts";
import { type AnalysisResult, questionSchema } from "../domain/question.ts";
import type { Env } from "../env.ts";
import { isRefusal } from "../query/run.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { invalidFields, problemOf } from "./problem.ts";
import { asFile, formatAsked } from "./query-file.ts";
import { progressForm, streamAnswer, type Watching } from "./query-progress.ts";
import { answersSchema, formatSchema, QUERY_FILES, questionsSchema } from "./query-schemas.ts";
import { readJson } from "./read-json.ts";

const BODY_BYTES = 256 * 1024;
const batchSchema = z.array(questionSchema).min(1).max(20);

type Reply = QueryResult | AnalysisResult | { error: Problem };

/** A dashboard's panels at once; each has its own answer or problem, in order. */
async function answerBatch(c: AppContext, body: unknown[], watch: Watching | null): Promise<Reply[]> {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error.issues));
  const replies: Reply[] = [];
  for (const [id, queries] of Map.groupBy(parsed.data, (query) => query.site_id)) {
    const answers = await answerQuestions(c, queries, { id, watch });
    for (const [i, answer] of answers.entries()) {
      const place = parsed.data.indexOf(queries[i]!);
      replies[place] = isRefusal(answer) ? { error: problemOf(invalidFields(answer.errors)).problem } : answer;
    }
  }
  return replies;
}

async function answerOne(
  c: AppContext,
  body: unknown,
  watch: Watching | null,
): Promise<Exclude<Reply, { error: Problem }>> {
  const parsed = questionSchema.safeParse(body);
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error.issues));
  const [answer] = await answerQuestions(c, [parsed.data], { id: parsed.data.site_id, watch });
  if (!answer) throw new AppError("internal", "the query had no answer");
  if (isRefusal(answer)) throw invalidFields(answer.errors);
  return answer;
}

/**
 * The shape of Plausible's Stats API v2, and beside it `analysis` with `params`; a list is answered with a list. Who accepts
 * NDJSON or an event stream is told how far it is; who asks for a format gets a file.
 */
export const query = new Hono<{ Bindings: Env }>().post(
  "/",
  operation({
    summary: "Ask questions",
    needs: "query",
    about:
      "The shape of Plausible's Stats API v2, and beside it analysis with params; a list is answered with a list. Who accepts NDJSON or an event stream is told how far it is; who asks for a format gets a file.",
    query: formatSchema,
    body: questionsSchema,
    replies: { 200: { json: answersSchema, files: QUERY_FILES } },
    audit: { why: "asks and changes nothing; an answer that leaves as a file is told" },
  }),
  async (c) => {
    const format = formatAsked(c);
    const body = await readJson(c.req.raw, BODY_BYTES);
    if (format) {
      const answer = await answerOne(c, body, null);
      recordChange(c, { after: { format } });
      return asFile(c, format, answer);
    }
    const answer = (watch: Watching | null) =>
      Array.isArray(body) ? answerBatch(c, body, watch) : answerOne(c, body, watch);
    const form = progressForm(c.req.header("accept"));
    return form ? streamAnswer<Reply | Reply[]>(form, answer) : c.json(await answer(null));
  },
);
