// One table of error codes. Refusals are values inside the rooms; at a door they become an AppError and then problem+json.

export const ERROR_STATUS = {
  invalid: 400,
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  key_reused: 422,
  no_version: 428,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** One bad field: where (`events.3.url`) and what would be right. */
export interface FieldError {
  path: string;
  message: string;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfter: number | undefined;
  /** Of what was changed meanwhile: as it stands. */
  readonly current: unknown;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { errors?: FieldError[]; retryAfter?: number; current?: unknown } = {},
  ) {
    super(detail);
    this.name = "AppError";
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
    this.current = options.current;
  }
}

/** RFC 9457 body. */
export interface Problem {
  code: ErrorCode;
  title: string;
  detail: string;
  requestId: string;
  errors?: FieldError[];
  /** Of what was changed meanwhile: as it stands, to merge with. */
  current?: unknown;
}

interface IssueLike {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** What is allowed. */
  readonly values?: readonly unknown[];
  /** Of an object: those that it has no place for. */
  readonly keys?: readonly string[];
  /** Of a union: the issues of each alternative. */
  readonly errors?: readonly (readonly IssueLike[])[];
}

/** That the first word of a list, such as `is` of a filter, is none of those of this alternative. */
const isWord = ({ path, values }: IssueLike): boolean => values !== undefined && path.length === 1 && path[0] === 0;

/** Of lists that are told apart by their first word, what is wrong with the one that was meant; else the issue itself. */
function innermost(issue: IssueLike): IssueLike[] {
  const { errors: alternatives = [] } = issue;
  if (!alternatives.flat().some(isWord)) return [issue];
  const meant = alternatives.find((issues) => !issues.some((one) => one.path.length === 0 || isWord(one)));
  if (!meant) return [issue];
  return meant.flatMap(innermost).map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

/** What an object has no place for is named itself. */
function named({ path, message, keys }: IssueLike): IssueLike[] {
  if (!keys) return [{ path, message }];
  return keys.map((key) => ({ path: [...path, key], message: "there is no such field; leave it out" }));
}

/** zod issues as field errors; `prefix` places them inside a batch. */
export function fieldErrors(issues: readonly IssueLike[], prefix: readonly PropertyKey[] = []): FieldError[] {
  return issues
    .flatMap(innermost)
    .flatMap(named)
    .map(({ path, message }) => ({ path: [...prefix, ...path].map(String).join("."), message }));
}
