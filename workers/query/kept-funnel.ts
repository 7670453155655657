// Questions that name a funnel of the site in place of its steps.

import { type Funnel, funnelSchema } from "../domain/funnel.ts";
import type { AnalysisQuery } from "../domain/question.ts";
import type { Refusal } from "./normalize.ts";

/** `params: { funnel: "Signup" }` as the steps and settings that are kept under the id or name; what else is given counts before those. */
export function withFunnel(question: AnalysisQuery, funnels: readonly Funnel[]): AnalysisQuery | Refusal {
  const { funnel: named, ...given } = question.params;
  if (question.analysis !== "funnel" || named === undefined) return question;
  const kept = funnels.find(({ id }) => id === named) ?? funnels.find(({ name }) => name === named);
  if (kept) return { ...question, params: { ...funnelSchema.strip().parse(kept), ...given } };
  const names = funnels.map(({ name }) => name).join(", ");
  const message = `no such funnel; ${names ? `there are ${names}` : "the site has none yet"}`;
  return { errors: [{ path: "params.funnel", message }] };
}
