// A server's HTTP interface, typed, for tests and benchmarks: one request a call, no repeats, every answer as it came.

import type * as z from "zod";
import type { ShardStats } from "../../durable-objects/site-shard/protocol.ts";
import type { CollectReply, importSchema } from "../../workers/domain/beacon.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { QueryInput, QueryResult } from "../../workers/domain/query.ts";
import type { Goal, NewSite, Site } from "../../workers/domain/site.ts";

/** Node's own name would be taken for a bot's. */
export const BROWSER =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/** A beacon as JSON: deliberately loose, since tests send bad ones too. */
export type SentEvent = Record<string, unknown>;
export type ImportOptions = z.input<typeof importSchema>["import"];

export interface SiteStatus {
  firstEventAt: number | null;
  lastEventAt: number | null;
  events: number;
  drops: { hour: number; reason: string; count: number }[];
  shards: ShardStats[];
}

export interface ImportState extends z.infer<typeof importSchema.shape.import> {
  state: "open" | "finished" | "undone";
  createdAt: number;
  events: number;
}

export interface Answer<Body> {
  status: number;
  body: Body;
  headers: Headers;
}

export interface TestApi {
  /** Any request; a string is sent as it stands, anything else as JSON. Rejects only when there is no answer. */
  request<Body = unknown>(method: string, path: string, options?: RequestOptions): Promise<Answer<Body>>;
  /** Begins to move the site's history to so many shards. */
  raiseShards(siteId: string, shards: number): Promise<Site>;
  site(siteId: string): Promise<Site>;
  createSite(site: Partial<Omit<NewSite, "id">> & { id: string }): Promise<Site>;
  /** To the public door: an event, a list, or `{ site, events }`. From a browser, unless the headers say otherwise. */
  send(body: unknown, headers?: Record<string, string>): Promise<Answer<CollectReply & Partial<Problem>>>;
  importLines(siteId: string, options: ImportOptions, events: readonly SentEvent[]): Promise<CollectReply>;
  importState(siteId: string, importId: string): Promise<ImportState>;
  finishImport(siteId: string, importId: string): Promise<ImportState>;
  undoImport(siteId: string, importId: string): Promise<{ removed: number }>;
  query(query: Omit<QueryInput, "site_id">, siteId: string): Promise<QueryResult>;
  status(siteId: string): Promise<SiteStatus>;
  createKey(siteId: string, scopes: ("import" | "query")[]): Promise<string>;
  createGoal(siteId: string, goal: Pick<Goal, "kind" | "match">): Promise<Goal>;
  /** Copies what waits in the shards to D1. */
  flush(siteId: string): Promise<void>;
}

export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** Default: the API's own; "" sends none. */
  token?: string;
}

/** Throws where an answer is not 2xx, but from `request` and `send`. */
export function connectTestApi({ url, adminToken }: { url: string; adminToken: string }): TestApi {
  const request: TestApi["request"] = async <Body>(method: string, path: string, options: RequestOptions = {}) => {
    const { body, headers = {}, token = adminToken } = options;
    const response = await fetch(url + path, {
      method,
      headers: {
        "content-type": "application/json",
        ...(token !== "" && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text) as Body, headers: response.headers };
  };
  const expect = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await request<Body>(method, path, { body });
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  };
  const ofSite = (siteId: string) => `/api/v1/sites/${encodeURIComponent(siteId)}`;
  return {
    request,
    raiseShards: (id, shards) => expect("PATCH", ofSite(id), { shards }),
    site: (id) => expect("GET", ofSite(id)),
    createSite: (site) => expect("POST", "/api/v1/sites", site),
    send: (body, headers) =>
      request("POST", "/api/event", { body, token: "", headers: { "user-agent": BROWSER, ...headers } }),
    importLines: (id, options, events) => expect("POST", `${ofSite(id)}/import`, { import: options, events }),
    importState: (id, importId) => expect("GET", `${ofSite(id)}/import/${importId}`),
    finishImport: (id, importId) => expect("POST", `${ofSite(id)}/import/${importId}/finish`),
    undoImport: (id, importId) => expect("DELETE", `${ofSite(id)}/import/${importId}`),
    query: (query, siteId) => expect("POST", "/api/v2/query", { site_id: siteId, ...query }),
    status: (id) => expect("GET", `${ofSite(id)}/status`),
    async createKey(id, scopes) {
      const { key } = await expect<{ key: string }>("POST", `${ofSite(id)}/keys`, { label: "test", scopes });
      return key;
    },
    createGoal: (id, goal) => expect("POST", `${ofSite(id)}/goals`, goal),
    flush: (id) => expect("POST", `${ofSite(id)}/flush`),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === "" ? null : text;
  }
}
