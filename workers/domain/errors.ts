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
}

/** zod issues as field errors; `prefix` places them inside a batch. */
export function fieldErrors(issues: readonly IssueLike[], prefix: readonly PropertyKey[] = []): FieldError[] {
  return issues.map((issue) => ({ path: [...prefix, ...issue.path].map(String).join("."), message: issue.message }));
}
