// The six product endpoints against plain loops over the events that were sent.
import { beforeAll, describe, expect, it } from "vitest";
import { cursorText } from "../../workers/api/cursor.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { agentTraffic, asImported, berlinDate, type Happened, ZONE } from "../support/agent-traffic.ts";
import { aView, call, createSite, from, ok, rows, sendTaken } from "./worker.ts";

const NOW = ["2025-10-23", "2025-10-29"] as const;
const BEFORE = ["2025-10-16", "2025-10-22"] as const;
const RANGE = `from=${NOW[0]}&to=${NOW[1]}`;
const HEAD = {
  period: { from: "2025-10-23T00:00:00+02:00", to: "2025-10-29T23:59:59+01:00", running: false },
  comparison: { from: "2025-10-16T00:00:00+02:00", to: "2025-10-22T23:59:59+02:00" },
  timeZone: ZONE,
  exact: true,
};

const all = agentTraffic(7);
const within = (days: readonly [string, string], of = all) =>
  of.filter(({ at }) => berlinDate(at) >= days[0] && berlinDate(at) <= days[1]);

const called = (events: Happened[], name: string) => events.filter((event) => event.name.replace(".", "_") === name);
const numbers = (events: Happened[], property: string) =>
  events.flatMap(({ props }) => (typeof props[property] === "number" ? [props[property]] : []));
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]) => (values.length > 0 ? sum(values) / values.length : null);
const distinct = (values: unknown[]) => new Set(values.filter((value) => value !== undefined && value !== "")).size;
const share = (part: number, whole: number) => (whole > 0 ? (100 * part) / whole : null);

/** Every metric, counted by hand. */
function counted(events: Happened[]): Record<string, number | null> {
  const sent = called(events, "message_sent");
  const messages = [...sent, ...called(events, "message_received")];
  const ended = called(events, "conversation_ended");
  const times = numbers(sent, "response_time_ms").sort((a, b) => a - b);
  const input = sum(numbers(messages, "input_tokens"));
  const output = sum(numbers(messages, "output_tokens"));
  const uploaded = sum(numbers(called(events, "document_uploaded"), "bytes"));
  return {
    messages: messages.length,
    messages_sent: sent.length,
    messages_failed: sent.filter(({ props }) => props.error !== undefined).length,
    conversations: distinct(events.map(({ props }) => props.conversation_id)),
    conversations_ended: ended.length,
    conversation_length: mean(numbers(ended, "message_count")),
    users: distinct(events.map(({ userId }) => userId)),
    agents: distinct(events.map(({ props }) => props.agent_id)),
    input_tokens: input,
    output_tokens: output,
    tokens: input + output,
    cost: sum(numbers(messages, "cost_usd")),
    response_time: mean(times),
    response_time_p95: times[Math.ceil(0.95 * times.length) - 1] ?? null,
    error_rate: share(sent.filter(({ props }) => props.error !== undefined).length, sent.length),
    resolution_rate: share(ended.filter(({ props }) => props.resolved === true).length, ended.length),
    satisfaction: mean(numbers(called(events, "feedback_given"), "rating")),
    storage: uploaded - sum(numbers(called(events, "document_deleted"), "bytes")),
    api_calls: called(events, "api_called").length,
  };
}

function change(name: string, value: number | null, before: number | null): number | null {
  if (value === null || before === null) return null;
  if (name.endsWith("_rate")) return value - before;
  if (before === 0) return value === 0 ? 0 : null;
  return (100 * (value - before)) / before;
}

function metricsOf(names: string, now: Happened[], before: Happened[]) {
  const [value, earlier] = [counted(now), counted(before)];
  const told = names.split(" ").map((name) => {
    const [one, other] = [value[name]!, earlier[name]!];
    return [name, { value: one, before: other, change: change(name, one, other) }] as const;
  });
  return Object.fromEntries(told);
}

const TALK = "messages conversations users tokens";
const QUALITY = "response_time response_time_p95 error_rate resolution_rate satisfaction";
const AGENT = `${TALK} ${QUALITY} conversation_length cost`;
const USAGE = `${TALK} messages_sent input_tokens output_tokens storage api_calls cost`;

const datesOf = (first: string) =>
  Array.from({ length: 7 }, (_, day) => new Date(Date.parse(first) + day * 86_400_000).toISOString().slice(0, 10));

function daysOf(names: string, of = all) {
  const others = datesOf(BEFORE[0]);
  return datesOf(NOW[0]).map((date, place) => {
    const before = others[place]!;
    return { date, before, metrics: metricsOf(names, within([date, date], of), within([before, before], of)) };
  });
}

const byAgent = (id: string) => all.filter(({ props }) => props.agent_id === id);
const agentOf = (id: string) => ({
  id,
  metrics: metricsOf(AGENT, within(NOW, byAgent(id)), within(BEFORE, byAgent(id))),
});
const idsIn = (property: string) =>
  [
    ...new Set(within(NOW).flatMap(({ props }) => (props[property] === undefined ? [] : [`${props[property]}`]))),
  ].sort();

function conversationOf(id: string) {
  const events = within(NOW).filter(({ props }) => props.conversation_id === id);
  const { messages, messages_sent, messages_failed, tokens, cost, response_time, satisfaction } = counted(events);
  const ended = called(events, "conversation_ended");
  return {
    id,
    agents: [`${events[0]!.props.agent_id}`],
    ended: ended.length > 0,
    resolved: ended.some(({ props }) => props.resolved === true),
    handedOff: ended.some(({ props }) => props.handed_off === true),
    metrics: { messages, messages_sent, messages_failed, tokens, cost, response_time, satisfaction },
  };
}

interface Page {
  agents: { id: string }[];
  conversations: { id: string }[];
  total: number;
  next: string | null;
}

let site: Site;
const at = (path: string, of = site) => `/api/v1/sites/${of.id}/${path}`;
const get = <Body = Page>(path: string, of?: Site) => ok<Body>("GET", at(path, of));

beforeAll(async () => {
  site = await createSite({ timeZone: ZONE, shards: 2 });
  const options = { id: "agents-at-work", label: "agents", visitors: "given", bots: "keep" };
  const lines = all.map(asImported);
  const { accepted } = await ok<{ accepted: number }>("POST", at("import"), { import: options, events: lines });
  expect(accepted).toBe(all.length);
});

describe("a week with a change of clocks, against the week before", () => {
  it("has in every count something to tell apart", () => {
    for (const days of [NOW, BEFORE]) {
      const values = Object.values(counted(within(days)));
      expect(values.filter((value) => value === null || value === 0)).toEqual([]);
    }
  });

  it("is told at a glance", async () => {
    const metrics = metricsOf(`${TALK} ${QUALITY} agents storage api_calls cost`, within(NOW), within(BEFORE));
    expect(await get(`overview?${RANGE}`)).toEqual({ ...HEAD, metrics });
  });

  it("is told in use, day by day, the day of 25 hours among them", async () => {
    const metrics = metricsOf(USAGE, within(NOW), within(BEFORE));
    expect(await get(`usage?${RANGE}`)).toEqual({ ...HEAD, metrics, days: daysOf(USAGE) });
  });

  it("lists its agents by id, one that sent nothing too", async () => {
    const agents = idsIn("agent_id").map(agentOf);
    expect(agents.at(-1)!.id).toBe("silent");
    expect(await get(`agents?${RANGE}`)).toEqual({ ...HEAD, agents, total: agents.length, next: null });
  });

  it("ranks its agents by any of their metrics", async () => {
    const ranked = (name: string, sign: number) =>
      idsIn("agent_id")
        .map(agentOf)
        .toSorted((a, b) => {
          const [one, other] = [a.metrics[name]!.value, b.metrics[name]!.value];
          if (one === null || other === null) return Number(one === null) - Number(other === null);
          return sign * (one - other);
        });
    const total = idsIn("agent_id").length;
    expect(await get(`top-agents?${RANGE}`)).toEqual({ ...HEAD, agents: ranked("messages", -1), total, next: null });
    const { agents } = await get(`top-agents?${RANGE}&by=response_time&order=asc`);
    expect(agents).toEqual(ranked("response_time", 1));
  });

  it("is told of one agent, day by day", async () => {
    const days = daysOf(AGENT, byAgent("agent-1"));
    expect(await get(`agents/agent-1?${RANGE}`)).toEqual({ ...HEAD, ...agentOf("agent-1"), days });
    const silent = await get<{ metrics: unknown }>(`agents/silent?${RANGE}`);
    expect(silent.metrics).toEqual(agentOf("silent").metrics);
  });

  it("lists its conversations page by page, each once, beside the figures of all", async () => {
    const ids = idsIn("conversation_id");
    const metrics = metricsOf(
      `${TALK} ${QUALITY} conversations_ended conversation_length cost`,
      within(NOW),
      within(BEFORE),
    );
    const seen: unknown[] = [];
    let cursor = "";
    do {
      const { conversations, next, ...rest } = await get(`conversations?${RANGE}&limit=30${cursor}`);
      expect(rest).toEqual({ ...HEAD, metrics, total: ids.length });
      seen.push(...conversations);
      cursor = next === null ? "" : `&cursor=${next}`;
    } while (cursor !== "");
    expect(seen).toEqual(ids.map(conversationOf));
  });

  it("lists the conversations of one agent", async () => {
    const { conversations, total } = await get(`conversations?${RANGE}&agent=agent-2&limit=100`);
    const own = idsIn("conversation_id")
      .map(conversationOf)
      .filter(({ agents }) => agents.includes("agent-2"));
    expect([conversations, total]).toEqual([own, own.length]);
  });
});

it("the metrics are there for any question, and names with dots are the standard ones", async () => {
  const asked = { metrics: ["messages", "error_rate"], date_range: [...NOW] as [string, string] };
  const { messages, error_rate } = counted(within(NOW));
  expect(await rows(site, asked)).toEqual([[messages, error_rate]]);
  const names = await rows(site, { metrics: ["events"], dimensions: ["event:name"] });
  expect(names.filter(([name]) => `${name}`.includes("."))).toEqual([]);
  const { metrics } = await ok<{ metrics: { name: string }[] }>("GET", "/api/v1/catalog");
  expect(metrics.find(({ name }) => name === "tokens")).toMatchObject({ pack: "agents", label: "Tokens" });
});

it("a period that runs is cut off now, and compared with as much of the one before", async () => {
  const own = await createSite();
  const props = { agent_id: "a", conversation_id: "c" };
  await sendTaken([aView(own, { name: "message.sent", props }), aView(own, { name: "app.open" })], from(1));
  const body = await get<{ period: { running: boolean }; metrics: Record<string, unknown> }>("overview", own);
  expect(body.period.running).toBe(true);
  expect(body.metrics.messages).toEqual({ value: 1, before: 0, change: null });
  const alone = await get<{ comparison: null; metrics: Record<string, unknown> }>("overview?compare=none", own);
  expect(alone.comparison).toBeNull();
  expect(alone.metrics.messages).toEqual({ value: 1, before: null, change: null });
  expect(
    await rows(own, { metrics: ["events"], dimensions: ["event:name"], order_by: [["event:name", "asc"]] }),
  ).toEqual([
    ["app.open", 1],
    ["message_sent", 1],
  ]);
});

it("a site without events has zeros, unknowns and empty lists", async () => {
  const empty = await createSite();
  const { metrics } = await get<{ metrics: Record<string, unknown> }>("overview", empty);
  expect(metrics.messages).toEqual({ value: 0, before: 0, change: 0 });
  expect(metrics.response_time).toEqual({ value: null, before: null, change: null });
  expect(await get("agents", empty)).toMatchObject({ agents: [], total: 0, next: null });
  expect(await get("conversations", empty)).toMatchObject({ conversations: [], total: 0, next: null });
});

it("an agent never seen and a foreign site are not there, and what cannot be is named", async () => {
  const status = async (path: string, token?: string) =>
    (await call<Problem>("GET", path, token === undefined ? {} : { token })).status;
  expect(await status(at(`agents/agent-9?${RANGE}`))).toBe(404);
  expect(await status(at(`agents/${"x".repeat(3000)}?${RANGE}`))).toBe(404);
  const other = await createSite();
  const made = await ok<{ key: string }>("POST", at("keys", other), { label: "k", scopes: ["query"] });
  expect(await status(at("agents/agent-1", other))).toBe(404);
  for (const path of ["overview", "usage", "agents", "agents/agent-1", "top-agents", "conversations"]) {
    expect([path, await status(at(path), made.key)]).toEqual([path, 404]);
  }
  const wrong = async (query: string) => {
    const { status: code, body } = await call<Problem>("GET", at(query));
    return [code, body.errors?.[0]?.path];
  };
  expect(await wrong("overview?date_range=soon")).toEqual([400, "date_range"]);
  expect(await wrong("overview?from=2025-10-23")).toEqual([400, "from"]);
  expect(await wrong("overview?compare=last")).toEqual([400, "compare"]);
  expect(await wrong("top-agents?by=charm")).toEqual([400, "by"]);
  for (const [from, to] of [
    [-1e300, 1e300],
    [0.5, 1e12],
    [-8.64e15, 8.64e15],
  ]) {
    const span = { period: { from, to }, comparison: null, running: false };
    const forged = cursorText({ offset: 1, span, by: "id", order: "asc", agent: null });
    for (const path of ["agents", "top-agents", "conversations"]) {
      expect(await wrong(`${path}?cursor=${forged}`)).toEqual([400, "cursor"]);
    }
  }
  expect(await wrong("agents?cursor=xyz")).toEqual([400, "cursor"]);
  expect(await wrong("agents?limit=0")).toEqual([400, "limit"]);
});
