import { AppError, ERROR_STATUS, type ErrorCode, type FieldError, type Problem } from "../domain/errors.ts";

export const ERROR_TITLES: Record<ErrorCode, string> = {
  invalid: "the request does not fit the schema",
  malformed: "the request cannot be read",
  unauthorized: "sign in or send a key",
  forbidden: "not allowed",
  not_found: "not found",
  conflict: "conflict",
  stale: "it was changed meanwhile",
  too_large: "too large",
  key_reused: "the key was used for another request",
  no_version: "say which version you change",
  too_many_requests: "too many requests",
  internal: "something failed on our side",
  unavailable: "try again in a moment",
};

export function problemOf(error: unknown): { problem: Problem; retryAfter: number | undefined } {
  const known = error instanceof AppError ? error : new AppError("internal", "the request failed; it was logged");
  const { code, message: detail, errors, retryAfter, current } = known;
  const requestId = crypto.randomUUID();
  if (known !== error) console.error(requestId, error);
  const problem: Problem = { code, title: ERROR_TITLES[code], detail, requestId };
  if (errors.length > 0) problem.errors = errors;
  if (current !== undefined) problem.current = current;
  return { problem, retryAfter };
}

/** The one translator from errors to HTTP: RFC 9457, with Retry-After where waiting helps. */
export function problemResponse(error: unknown, headers: HeadersInit = {}): Response {
  const { problem, retryAfter } = problemOf(error);
  const response = new Response(JSON.stringify(problem), { status: ERROR_STATUS[problem.code], headers });
  response.headers.set("content-type", "application/problem+json");
  if (retryAfter !== undefined) response.headers.set("retry-after", String(retryAfter));
  return response;
}

export function invalidField(path: string, message: string): AppError {
  return new AppError("invalid", message, { errors: [{ path, message }] });
}

export function invalidFields(errors: FieldError[]): AppError {
  const first = errors[0];
  const where = first?.path ? `${first.path}: ` : "";
  return new AppError("invalid", first ? where + first.message : ERROR_TITLES.invalid, { errors });
}
