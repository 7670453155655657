// Of an objective: how many failures it allows, and how many of those are left.

/** The share of requests that is to be answered without a failure of ours. */
export const AVAILABILITY_OBJECTIVE = 0.995;
export const BUDGET_DAYS = 30;

export interface ErrorBudget {
  objective: number;
  requests: number;
  failed: number;
  /** Null while nothing was asked. */
  availability: number | null;
  /** Failures that the objective allows of so many requests. */
  allowed: number;
  /** The share of the budget that is left: 1 untouched, 0 spent, below 0 overdrawn. */
  left: number;
}

export function errorBudget(requests: number, failed: number, objective = AVAILABILITY_OBJECTIVE): ErrorBudget {
  // 1 - 0.995 is a little more than 0.005.
  const allowed = Number((requests * (1 - objective)).toFixed(6));
  const spent = allowed > 0 ? failed / allowed : failed > 0 ? 1 : 0;
  return {
    objective,
    requests,
    failed,
    availability: requests > 0 ? 1 - failed / requests : null,
    allowed,
    left: 1 - spent,
  };
}
