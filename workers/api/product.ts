// How the product that a site is about does: its agents and conversations, and what they take, against the period before.
import { Hono } from "hono";
import type * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { Filter, Query, QueryResult } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import {
  type Asking,
  compared,
  daysOf,
  hasProperty,
  isProperty,
  questionOf,
  type Span,
  type Values,
  valuesBy,
} from "../query/product.ts";
import { isRefusal } from "../query/run.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { cursorText } from "./cursor.ts";
import { operation } from "./operation.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { type Cursor, listSchema, periodSchema, readCursor, spanAsked, spanText } from "./product-period.ts";
import { agentReply, agentsReply, conversationsReply, reportReply } from "./product-replies.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const TALK = ["messages", "conversations", "users", "tokens"] as const;
const QUALITY = ["response_time", "response_time_p95", "error_rate", "resolution_rate", "satisfaction"] as const;
const OVERVIEW = [...TALK, ...QUALITY, "agents", "storage", "api_calls", "cost"];
const USAGE = [...TALK, "messages_sent", "input_tokens", "output_tokens", "storage", "api_calls", "cost"];
const AGENT = [...TALK, ...QUALITY, "conversation_length", "cost"];
const CONVERSATIONS = [...TALK, ...QUALITY, "conversations_ended", "conversation_length", "cost"];
const CONVERSATION = [
  "messages",
  "messages_sent",
  "messages_failed",
  "tokens",
  "cost",
  "response_time",
  "satisfaction",
];
/** Told as yes or no of one conversation. */
const OUTCOMES = ["conversations_ended", "conversations_resolved", "conversations_handed_off"];

async function answersOf(c: AppContext, site: Site, questions: Query[]): Promise<QueryResult[]> {
  const answers = questions.length > 0 ? await answerQuestions(c, questions, { id: site.id }) : [];
  return answers.map((answer) => {
    if (isRefusal(answer)) throw invalidFields(answer.errors);
    return answer;
  });
}

const inBoth = ({ period, comparison }: Span, asking: Asking): Query[] =>
  [period, comparison].flatMap((one) => (one ? [questionOf(one, asking)] : []));

interface Reporting {
  names: readonly string[];
  filters?: Filter[];
  byDay?: boolean;
}

/** The metrics of the span, and of its days when asked for. */
async function reportOf(c: AppContext, site: Site, span: Span, { names, filters = [], byDay = false }: Reporting) {
  const asking: Asking = { site_id: site.id, metrics: names, filters };
  const whole = inBoth(span, asking);
  const days: Asking = { ...asking, dimensions: ["time:day"], include: { time_labels: true } };
  const answers = await answersOf(c, site, [...whole, ...(byDay ? inBoth(span, days) : [])]);
  const [now, before] = answers.slice(0, whole.length);
  const metrics = compared(names, valuesBy(names, now!)(""), before ? valuesBy(names, before)("") : null);
  const [daysNow, daysBefore] = answers.slice(whole.length);
  return {
    ...spanText(span, site),
    exact: answers.every(({ meta }) => meta.exact),
    metrics,
    ...(daysNow ? { days: daysOf(names, daysNow, daysBefore) } : {}),
  };
}

interface Listed {
  /** The property whose values are listed. */
  of: string;
  names: readonly string[];
  by: string;
  order: Cursor["order"];
}

function pageAsked(asked: z.infer<typeof listSchema>, site: Site, listed: Listed): Cursor {
  if (asked.cursor !== undefined) return readCursor(asked.cursor);
  const { by = listed.by, agent = null } = asked;
  const order = asked.order ?? (by === listed.by ? listed.order : by === "id" ? "asc" : "desc");
  return { offset: 0, span: spanAsked(asked, site, Date.now()), by, order, agent };
}

/** A page of the values, in order, equal ones by id. */
async function pageOf(c: AppContext, site: Site, listed: Listed) {
  const asked = readQuery(c, listSchema);
  const page = pageAsked(asked, site, listed);
  const sortable = ["id", ...listed.names];
  if (!sortable.includes(page.by)) throw invalidField("by", `use one of ${sortable.join(", ")}`);
  const key = `event:props:${listed.of}`;
  const filters = [hasProperty(listed.of), ...(page.agent === null ? [] : [isProperty("agent_id", [page.agent])])];
  const question = questionOf(page.span.period, {
    site_id: site.id,
    metrics: listed.names,
    dimensions: [key],
    filters,
    order_by: [[page.by === "id" ? key : page.by, page.order]],
    pagination: { limit: asked.limit, offset: page.offset },
    include: { total_rows: true },
  });
  const [answer] = await answersOf(c, site, [question]);
  const ids = answer!.results.map(({ dimensions }) => dimensions[0]!);
  const total = answer!.meta.total_rows ?? 0;
  const offset = page.offset + ids.length;
  const next = ids.length > 0 && offset < total ? cursorText({ ...page, offset }) : null;
  const exact = answer!.meta.exact;
  return { page, ids, values: valuesBy(listed.names, answer!), exact, total, next };
}

async function agentsPage(c: AppContext, rule: Pick<Listed, "by" | "order">) {
  const site = await siteOf(c, "query");
  const listed = { of: "agent_id", names: AGENT, ...rule };
  const { page, ids, values, exact, total, next } = await pageOf(c, site, listed);
  const { comparison } = page.span;
  const key = "event:props:agent_id";
  const asking = { site_id: site.id, metrics: AGENT, dimensions: [key], filters: [isProperty("agent_id", ids)] };
  const [earlier] = comparison && ids.length > 0 ? await answersOf(c, site, [questionOf(comparison, asking)]) : [];
  const before = earlier && valuesBy(AGENT, earlier);
  const agents = ids.map((id) => ({ id, metrics: compared(AGENT, values(id), before?.(id) ?? null) }));
  return c.json({ ...spanText(page.span, site), exact, agents, total, next });
}

function conversationOf(id: string, values: Values, agents: string[]) {
  const told = Object.fromEntries(CONVERSATION.map((name) => [name, values[name] ?? null]));
  const [ended, resolved, handedOff] = OUTCOMES.map((name) => (values[name] ?? 0) > 0);
  return { id, agents, ended, resolved, handedOff, metrics: told };
}

async function conversationsPage(c: AppContext) {
  const site = await siteOf(c, "query");
  const names = [...CONVERSATION, ...OUTCOMES];
  const { page, ids, values, exact, total, next } = await pageOf(c, site, {
    of: "conversation_id",
    names,
    by: "id",
    order: "asc",
  });
  const { span, agent } = page;
  const [summary, [pairs]] = await Promise.all([
    reportOf(c, site, span, { names: CONVERSATIONS, filters: agent === null ? [] : [isProperty("agent_id", [agent])] }),
    ids.length > 0
      ? answersOf(c, site, [
          questionOf(span.period, {
            site_id: site.id,
            metrics: ["events"],
            dimensions: ["event:props:conversation_id", "event:props:agent_id"],
            filters: [isProperty("conversation_id", ids), hasProperty("agent_id")],
            order_by: [["event:props:agent_id", "asc"]],
          }),
        ])
      : [],
  ]);
  const agentsOf = Map.groupBy(pairs?.results ?? [], ({ dimensions }) => dimensions[0]!);
  const conversations = ids.map((id) =>
    conversationOf(id, values(id), agentsOf.get(id)?.map(({ dimensions }) => dimensions[1]!) ?? []),
  );
  return c.json({ ...summary, exact: exact && summary.exact, conversations, total, next });
}

/** Whether any event ever named it. */
async function wasSeen(c: AppContext, site: Site, agent: string): Promise<boolean> {
  const whenever = { from: 0, to: Date.now() + 3_600_000 };
  const filters = [isProperty("agent_id", [agent])];
  const [answer] = await answersOf(c, site, [questionOf(whenever, { site_id: site.id, metrics: ["events"], filters })]);
  return (answer?.results[0]?.metrics[0] ?? 0) !== 0;
}

const reads = (summary: string, query: z.ZodObject, reply: z.ZodType) =>
  operation({ summary, needs: "query", query, replies: { 200: reply } });

export const product = new Hono<{ Bindings: Env }>()
  .get("/:id/overview", reads("See a product at a glance", periodSchema, reportReply), async (c) => {
    const site = await siteOf(c, "query");
    const span = spanAsked(readQuery(c, periodSchema), site, Date.now());
    return c.json(await reportOf(c, site, span, { names: OVERVIEW }));
  })
  .get("/:id/usage", reads("See what is used, day by day", periodSchema, reportReply), async (c) => {
    const site = await siteOf(c, "query");
    const span = spanAsked(readQuery(c, periodSchema), site, Date.now());
    return c.json(await reportOf(c, site, span, { names: USAGE, byDay: true }));
  })
  .get("/:id/agents", reads("List agents with any event in the period", listSchema, agentsReply), (c) =>
    agentsPage(c, { by: "id", order: "asc" }),
  )
  .get("/:id/top-agents", reads("List agents by how much they do", listSchema, agentsReply), (c) =>
    agentsPage(c, { by: "messages", order: "desc" }),
  )
  .get("/:id/agents/:agentId", reads("See one agent, day by day", periodSchema, agentReply), async (c) => {
    const site = await siteOf(c, "query");
    const span = spanAsked(readQuery(c, periodSchema), site, Date.now());
    const id = c.req.param("agentId");
    if (!(await wasSeen(c, site, id))) throw new AppError("not_found", `no event of the site names an agent ${id}`);
    const filters = [isProperty("agent_id", [id])];
    return c.json({ id, ...(await reportOf(c, site, span, { names: AGENT, filters, byDay: true })) });
  })
  .get("/:id/conversations", reads("See conversations and list them", listSchema, conversationsReply), (c) =>
    conversationsPage(c),
  );
