// Incidents: what fires, who has seen it, and what was said about it.
import { Hono } from "hono";
import * as z from "zod";
import { noticesOf } from "../alerts/notices-of.ts";
import { act, type RuleState } from "../alerts/step.ts";
import type { Incident, IncidentEntry } from "../domain/alert.ts";
import { AppError } from "../domain/errors.ts";
import type { Author } from "../domain/resource.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { commitAlerts, findAlertRun, readRunning } from "../store/alert-runs.ts";
import { addNote, findIncident, listEntries, listIncidents } from "../store/incidents.ts";
import type { AppContext } from "./access.ts";
import { entryReply, incidentReply } from "./alert-replies.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf, readsNames } from "./author.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOf, pageSchema } from "./paging.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const TRIES = 5;
const listSchema = pageSchema.extend({ state: z.enum(["open", "all"]).default("all") });
const noteSchema = z.strictObject({ text: z.string().trim().min(1).max(2000) });
const unknown = () => new AppError("not_found", "the site has no such incident");

async function incidentAt(c: AppContext, site: Site, id = c.req.param("incidentId") ?? ""): Promise<Incident> {
  const found = await findIncident(c.env.DB, site.id, id);
  if (!found) throw unknown();
  return found;
}

interface IncidentAct {
  to: "acknowledged" | "resolved";
  /** That of the path when left out. */
  incidentId?: string;
  /** The firing that it is for; the present one when left out. */
  turn?: number;
  /** Who asks when left out. */
  author?: Author;
}

/** Over what the job writes at the same time: it is done again on what there is then. */
export async function actOn(c: AppContext, site: Site, { to, incidentId, ...asked }: IncidentAct): Promise<Incident> {
  const { id: author, name: by } = asked.author ?? authorOf(c);
  const before = await incidentAt(c, site, incidentId);
  const { turn = before.turn } = asked;
  for (let tries = 0; tries < TRIES; tries++) {
    const run = await findAlertRun(c.env.DB, site.id);
    const rules = await readRunning<RuleState>(c.env.DB, [site.id]);
    const found = rules.find(({ rule }) => rule.id === before.ruleId);
    const present = found?.state?.incident;
    const isMeant = present?.id === before.id && present.turn === turn;
    const acts = isMeant && found?.state && act(found.state, { to, at: Date.now(), by });
    if (!run || !found || !acts)
      throw new AppError("conflict", `the incident is ${(await incidentAt(c, site, before.id)).state}`);
    const { state, change } = acts;
    const commit = {
      run,
      through: run.through,
      states: [{ id: found.rule.id, state }],
      incidents: [change.incident],
      entries: [{ ...change.entry, incidentId: before.id, author }],
      notices: noticesOf([change], { rule: found.rule, site }),
    };
    if (!(await commitAlerts(c.env.DB, commit, Date.now()))) continue;
    recordChange(c, { before: { state: before.state }, after: { state: to } });
    return change.incident;
  }
  throw new AppError("unavailable", "the incident changes as we speak; try again");
}

export const incidents = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/incidents",
    operation({
      summary: "List a site's incidents",
      needs: "query",
      about: "Newest first. `state=open` leaves out those that are resolved.",
      query: listSchema,
      replies: { 200: z.strictObject({ incidents: z.array(incidentReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { state } = readQuery(c, listSchema);
      const newest = { key: ({ openedAt, id }: Incident) => [openedAt, id], kinds: ["number", "string"] } as const;
      const { entries, next } = await pageOf(c, newest, ({ after, limit }) =>
        listIncidents(c.env.DB, site.id, { before: after, limit, open: state === "open" }),
      );
      return c.json({ incidents: entries, next });
    },
  )
  .get(
    "/:id/incidents/:incidentId",
    operation({
      summary: "Read an incident and what happened to it",
      needs: "query",
      replies: { 200: incidentReply.extend({ entries: z.array(entryReply) }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const incident = await incidentAt(c, site);
      const entries = await listEntries(c.env.DB, site.id, incident.id);
      const shown = readsNames(c)
        ? entries
        : entries.filter(({ kind }) => kind !== "note").map((entry) => ({ ...entry, by: "" }));
      return c.json({ ...incident, entries: shown });
    },
  )
  .post(
    "/:id/incidents/:incidentId/acknowledge",
    operation({
      summary: "Say that an incident is being looked at",
      needs: "define",
      replies: { 200: incidentReply },
      errors: ["conflict"],
    }),
    async (c) => c.json(await actOn(c, await siteOf(c, "define"), { to: "acknowledged" })),
  )
  .post(
    "/:id/incidents/:incidentId/resolve",
    operation({
      summary: "Say that an incident is over",
      needs: "define",
      about: "Its rule fires again once it was well in between.",
      replies: { 200: incidentReply },
      errors: ["conflict"],
    }),
    async (c) => c.json(await actOn(c, await siteOf(c, "define"), { to: "resolved" })),
  )
  .post(
    "/:id/incidents/:incidentId/notes",
    operation({
      summary: "Write a note to an incident",
      needs: "define",
      body: noteSchema,
      replies: { 201: entryReply },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { text } = await readValid(c.req.raw, noteSchema);
      const { id: incidentId } = await incidentAt(c, site);
      const { id: author, name: by } = authorOf(c);
      const entry: IncidentEntry = {
        key: crypto.randomUUID(),
        at: Date.now(),
        kind: "note",
        by,
        text,
      };
      await addNote(c.env.DB, site.id, { ...entry, incidentId, author });
      recordChange(c, { made: entry.key, after: { kind: "note" } });
      return c.json(entry, 201);
    },
  );
