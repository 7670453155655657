// What somebody does to an incident, over what the job writes at the same time.
import { noticesOf } from "../alerts/notices-of.ts";
import { act, amend, fullState, incidentsIn, type RuleState, type Stepped, stepIncident } from "../alerts/step.ts";
import type { AlertRule, Incident, IncidentState } from "../domain/alert.ts";
import { AppError } from "../domain/errors.ts";
import type { Author } from "../domain/resource.ts";
import type { Site } from "../domain/site.ts";
import { commitAlerts, findAlertRun, readRunning } from "../store/alert-runs.ts";
import { findIncident } from "../store/incidents.ts";

const TRIES = 5;

export interface Acting {
  db: D1Database;
  site: Site;
  id: string;
  author: Author;
}

type Deed = (state: RuleState, rule: AlertRule) => Stepped | null;

export async function incidentAt({ db, site, id }: Omit<Acting, "author">): Promise<Incident> {
  const found = await findIncident(db, site.id, id);
  if (!found) throw new AppError("not_found", "the site has no such incident");
  return found;
}

/** It is done again on what there is then, where somebody else has written meanwhile. */
async function actOn(acting: Acting, deed: Deed): Promise<{ before: Incident; after: Incident }> {
  const { db, site, id, author } = acting;
  const before = await incidentAt(acting);
  for (let tries = 0; tries < TRIES; tries++) {
    const run = await findAlertRun(db, site.id);
    const rules = await readRunning<RuleState>(db, [site.id]);
    const found = rules.find(({ rule }) => rule.id === before.ruleId);
    const kept = fullState(found?.state ?? null, 0);
    const done = found ? stepIncident(kept, id, (state) => deed(state, found.rule)) : null;
    if (!run || !found || !done) {
      const isNewest = incidentsIn(kept).some((incident) => incident.id === id);
      const { state: now } = await incidentAt(acting);
      throw new AppError("conflict", `the incident is ${now}${isNewest ? "" : ", and no longer its rule's newest"}`);
    }
    const { state, change } = done;
    const commit = {
      run,
      through: run.through,
      states: [{ id: found.rule.id, state }],
      incidents: [change.incident],
      entries: [{ ...change.entry, incidentId: id, author: author.id }],
      notices: noticesOf([change], { rule: found.rule, site }),
    };
    if (await commitAlerts(db, commit, Date.now())) return { before, after: change.incident };
  }
  throw new AppError("unavailable", "the incident changes as we speak; try again");
}

/** Throws a conflict where it is not in a state for that, or in another turn than the one that is meant. `text`: why. */
export const moveIncident = (
  acting: Acting,
  to: IncidentState,
  { turn, text = "" }: { turn?: number; text?: string } = {},
) =>
  actOn(acting, (state, { channels }) =>
    turn === undefined || state.incident?.turn === turn
      ? act(state, { to, at: Date.now(), by: acting.author.name, text, channels })
      : null,
  );

/** Nobody looks after them any more: their rule is paused, or about to be removed. Whoever was told of them is told so. */
export async function resolveOpen(
  { db, site, author }: Omit<Acting, "id">,
  { ruleId, text }: { ruleId: string; text: string },
): Promise<void> {
  const rules = await readRunning<RuleState>(db, [site.id]);
  const state = rules.find(({ rule }) => rule.id === ruleId)?.state ?? null;
  for (const { id, state: now } of incidentsIn(fullState(state, 0))) {
    if (now === "resolved") continue;
    await moveIncident({ db, site, id, author }, "resolved", { text }).catch((error: unknown) => {
      // It has ended by itself meanwhile.
      if (!(error instanceof AppError && error.code === "conflict")) throw error;
    });
  }
}

/** Rates it otherwise, or gives it to somebody; as it is already changes nothing. */
export async function amendIncident(
  acting: Acting,
  fields: Partial<Pick<Incident, "severity" | "assignee">>,
): Promise<{ before: Incident; after: Incident }> {
  const { severity, assignee } = fields;
  const at = Date.now();
  let last = await incidentAt(acting);
  const { name: by } = acting.author;
  const said = { key: crypto.randomUUID(), at, by, value: null };
  const first = last;
  if (severity !== undefined && severity !== last.severity) {
    const entry = { ...said, kind: "severity", text: `${last.severity} → ${severity}` } as const;
    last = (await actOn(acting, (state) => amend(state, { severity, entry }))).after;
  }
  if (assignee !== undefined && assignee?.id !== last.assignee?.id) {
    // By its key it is found when that person leaves.
    const key = `${assignee?.id ?? "nobody"}.${crypto.randomUUID()}`;
    const entry = { ...said, key, kind: "assigned", text: assignee?.name ?? "nobody" } as const;
    last = (await actOn(acting, (state) => amend(state, { assignee, entry }))).after;
  }
  return { before: first, after: last };
}
