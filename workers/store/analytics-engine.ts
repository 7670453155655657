// The SQL API of Analytics Engine, which no binding reaches: a token that may read the account's analytics is needed.

import * as z from "zod";
import { AppError } from "../domain/errors.ts";

export interface AnalyticsAccount {
  accountId: string;
  token: string;
}

/** Null when the account is not configured: then nothing is asked of Analytics Engine. */
export function analyticsAccount(env: {
  EDGEWISE_ACCOUNT_ID?: string;
  EDGEWISE_ANALYTICS_TOKEN?: string;
}): AnalyticsAccount | null {
  const { EDGEWISE_ACCOUNT_ID: accountId, EDGEWISE_ANALYTICS_TOKEN: token } = env;
  return accountId && token ? { accountId, token } : null;
}

const TIMEOUT_MS = 10_000;
const TOLD_CHARACTERS = 300;

const replySchema = z.object({ data: z.array(z.record(z.string(), z.union([z.string(), z.number()]))) });
const errorsSchema = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) });

export type AnalyticsRow = z.infer<typeof replySchema>["data"][number];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the API says went wrong: JSON from the API's front, plain text from its SQL parser. */
function reasonIn(text: string): string {
  const { data } = errorsSchema.safeParse(parsed(text));
  return (data ? data.errors.map(({ message }) => message).join("; ") : text.trim()).slice(0, TOLD_CHARACTERS);
}

function refusal(response: Response, text: string): AppError {
  const { status } = response;
  const reason = reasonIn(text);
  if (status === 401 || status === 403) {
    const remedy = "give EDGEWISE_ANALYTICS_TOKEN the permission Account Analytics: Read of EDGEWISE_ACCOUNT_ID";
    return new AppError("unavailable", `Analytics Engine refused the token (${status}: ${reason}); ${remedy}`);
  }
  if (status === 429 || status >= 500) {
    const seconds = Number(response.headers.get("retry-after") ?? "");
    const retryAfter = Number.isSafeInteger(seconds) && seconds > 0 ? seconds : 5;
    return new AppError("unavailable", `Analytics Engine is busy (${status}: ${reason}); ask again`, { retryAfter });
  }
  return new AppError("internal", `Analytics Engine did not take the statement (${status}: ${reason})`);
}

async function send(
  sql: string,
  account: AnalyticsAccount,
  options: AskOptions,
): Promise<{ response: Response; text: string }> {
  const { api = "https://api.cloudflare.com/client/v4", timeoutMs = TIMEOUT_MS } = options;
  const address = `${api}/accounts/${encodeURIComponent(account.accountId)}/analytics_engine/sql`;
  try {
    const response = await (options.fetch ?? fetch)(address, {
      method: "POST",
      headers: { authorization: `Bearer ${account.token}`, "content-type": "text/plain; charset=utf-8" },
      body: sql,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { response, text: await response.text() };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const what = isLate ? `gave no answer within ${timeoutMs} ms` : "cannot be reached";
    throw new AppError("unavailable", `Analytics Engine ${what}; ask again, or for fewer days`, { retryAfter: 5 });
  }
}

export interface AskOptions {
  /** Where the API is, without a slash at the end. */
  api?: string;
  timeoutMs?: number;
  fetch?: typeof fetch;
}

/** The rows of the answer. Throws an AppError that says what to do. */
export async function askAnalyticsEngine(
  sql: string,
  account: AnalyticsAccount,
  options: AskOptions = {},
): Promise<AnalyticsRow[]> {
  const { response, text } = await send(sql, account, options);
  if (!response.ok) throw refusal(response, text);
  const reply = replySchema.safeParse(parsed(text));
  if (!reply.success) {
    throw new AppError(
      "unavailable",
      `Analytics Engine sent no rows but ${JSON.stringify(text.slice(0, 80))}; ask again`,
    );
  }
  return reply.data.data;
}
