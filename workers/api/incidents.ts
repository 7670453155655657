// Incidents: what fires, who has seen it, and what was said about it.
import { Hono } from "hono";
import * as z from "zod";
import { adviceFor, historyOf, turnsOf } from "../alerts/history.ts";
import { INCIDENT_STATES, type Incident, type IncidentEntry, type IncidentState, SEVERITIES } from "../domain/alert.ts";
import { memberChannel } from "../domain/member-channel.ts";
import type { Author } from "../domain/resource.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { listAlertChannels } from "../store/alert-channels.ts";
import { listAlertRules } from "../store/alert-rules.ts";
import { addNote, entriesSince, listEntries, listIncidents } from "../store/incidents.ts";
import { noticesOfIncident } from "../store/notices.ts";
import { findMember, listMembers } from "../store/teams.ts";
import type { AppContext } from "./access.ts";
import { type Acting, amendIncident, incidentAt, moveIncident } from "./act-on-incident.ts";
import { personName } from "./actor-name.ts";
import { entryReply, incidentReply, toldReply } from "./alert-replies.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf, readsNames } from "./author.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOf, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;

const moment = z.coerce.number().int().min(0).optional();
const listSchema = pageSchema.extend({
  state: z.enum([...INCIDENT_STATES, "open", "all"]).default("all"),
  severity: z.enum(SEVERITIES).optional(),
  ruleId: z.string().max(60).optional(),
  from: moment,
  until: moment,
});
const daysSchema = z.object({ days: z.coerce.number().int().min(1).max(400).default(90) });
const noteSchema = z.strictObject({ text: z.string().trim().min(1).max(2000) });
const changeSchema = z.strictObject({
  severity: z.enum(SEVERITIES).optional(),
  /** `me`, or the id of a member of the site's team; null for nobody. */
  assignee: z.string().min(1).max(60).nullable().optional(),
});

const historySchema = {
  fired: z.int(),
  /** How often nobody did or said anything. */
  ignored: z.int(),
  /** Of those that are over: how many were acknowledged before, and how many there are. */
  acknowledged: z.int(),
  resolved: z.int(),
  /** Mean time to acknowledge and to resolve, milliseconds, over those. */
  mtta: z.int().nullable(),
  mttr: z.int().nullable(),
};
const historyReply = z.strictObject({
  since: z.int(),
  ...historySchema,
  /** Those that fired most first. */
  rules: z.array(
    z.strictObject({ ruleId: z.string(), name: z.string(), ...historySchema, advice: z.string().nullable() }),
  ),
});

/** Who looks after it is told to those who are told names. */
const shown = (c: AppContext, incident: Incident): Incident =>
  readsNames(c) ? incident : { ...incident, assignee: null };

const actingAt = (c: AppContext, site: Site): Acting => ({
  db: c.env.DB,
  site,
  id: c.req.param("incidentId") ?? "",
  author: authorOf(c),
});

async function move(c: AppContext, to: IncidentState) {
  const { before, after } = await moveIncident(actingAt(c, await siteOf(c, "define")), to);
  recordChange(c, { before: { state: before.state }, after: { state: to } });
  return c.json(after);
}

async function memberCalled(c: AppContext, site: Site, asked: string): Promise<Author> {
  if (asked === "me") return authorOf(c);
  const member = await findMember(c.env.DB, site.teamId, asked);
  if (!member) throw invalidField("assignee", "use me, or the id of a member of the site's team");
  return { id: personName(member.id), name: member.name };
}

async function story(c: AppContext, site: Site, id: string) {
  const [entries, notices, channels, members] = await Promise.all([
    listEntries(c.env.DB, site.id, id),
    noticesOfIncident(c.env.DB, site.id, id),
    listAlertChannels(c.env.DB, site.id),
    listMembers(c.env.DB, site.teamId),
  ]);
  const labels = new Map([
    ...channels.map((channel) => [channel.id, channel.label] as const),
    ...members.map((member) => [memberChannel(member.id), `${member.name}, e-mail`] as const),
  ]);
  const told = notices.map(({ channelId, message, state, nextAt, createdAt, told: answer }) => ({
    channel: labels.get(channelId) ?? "a channel that was removed",
    kind: message.kind,
    state,
    at: state === "due" ? createdAt : nextAt,
    answer,
  }));
  if (readsNames(c)) return { entries, told };
  const own = entries.filter(({ kind }) => (INCIDENT_STATES as readonly string[]).includes(kind)); // to look a kind up
  return { entries: own.map((entry) => ({ ...entry, by: "" })), told: [] };
}

export const incidents = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/incidents",
    operation({
      summary: "List a site's incidents",
      needs: "query",
      about:
        "Newest first. `state=open` leaves out those that are resolved; from and until, in milliseconds, those that were not open between.",
      query: listSchema,
      replies: { 200: z.strictObject({ incidents: z.array(incidentReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { limit: _, cursor: __, ...filter } = readQuery(c, listSchema);
      const newest = { key: ({ openedAt, id }: Incident) => [openedAt, id], kinds: ["number", "string"] } as const;
      const { entries, next } = await pageOf(c, newest, ({ after, limit }) =>
        listIncidents(c.env.DB, site.id, { ...filter, before: after, limit }),
      );
      return c.json({ incidents: entries.map((one) => shown(c, one)), next });
    },
  )
  .get(
    "/:id/incident-history",
    operation({
      summary: "Read how a site's alert rules did",
      needs: "query",
      about:
        "Of what fired in the last so many days: mean times to acknowledge, over what was acknowledged and is over, and to resolve, over all that is; what nobody acted on, and what would wake less.",
      query: daysSchema,
      replies: { 200: historyReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const since = Date.now() - readQuery(c, daysSchema).days * DAY_MS;
      const [entries, rules] = await Promise.all([
        entriesSince(c.env.DB, site.id, since),
        listAlertRules(c.env.DB, site.id),
      ]);
      const turns = turnsOf(entries);
      const byRule = Map.groupBy(turns, ({ ruleId }) => ruleId);
      const told = rules.flatMap((rule) => {
        const own = byRule.get(rule.id);
        if (!own) return [];
        return [{ ruleId: rule.id, name: rule.name, ...historyOf(own), advice: adviceFor(rule, own) }];
      });
      return c.json({ since, ...historyOf(turns), rules: told.sort((a, b) => b.fired - a.fired) });
    },
  )
  .get(
    "/:id/incidents/:incidentId",
    operation({
      summary: "Read an incident and what happened to it",
      needs: "query",
      about: "Who was told is known for 90 days. Share links are told neither people nor channels.",
      replies: {
        200: incidentReply.extend({
          entries: z.array(entryReply),
          /** Newest first. */
          told: z.array(toldReply),
          /** Those that are told with it. */
          grouped: z.array(incidentReply),
        }),
      },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const incident = await incidentAt({ db: c.env.DB, site, id: c.req.param("incidentId") });
      const asked = { state: "all", group: incident.id, before: null, limit: 100 } as const;
      const [told, grouped] = await Promise.all([story(c, site, incident.id), listIncidents(c.env.DB, site.id, asked)]);
      return c.json({ ...shown(c, incident), ...told, grouped: grouped.map((one) => shown(c, one)) });
    },
  )
  .patch(
    "/:id/incidents/:incidentId",
    operation({
      summary: "Rate an incident otherwise, or give it to somebody",
      needs: "define",
      body: changeSchema,
      replies: { 200: incidentReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { severity, assignee } = await readValid(c.req.raw, changeSchema);
      const given = typeof assignee === "string" ? await memberCalled(c, site, assignee) : assignee;
      const fields = { ...(severity && { severity }), ...(given !== undefined && { assignee: given }) };
      const { before, after } = await amendIncident(actingAt(c, site), fields);
      const kept = ({ severity: rated, assignee: who }: Incident) => ({ severity: rated, assignee: who?.id ?? null });
      recordChange(c, { before: kept(before), after: kept(after) });
      return c.json(after);
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
    (c) => move(c, "acknowledged"),
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
    (c) => move(c, "resolved"),
  )
  .post(
    "/:id/incidents/:incidentId/reopen",
    operation({
      summary: "Say that an incident is not over",
      needs: "define",
      about:
        "It is told and escalated again. It stays open until somebody resolves it, or its rule held and was well again.",
      replies: { 200: incidentReply },
      errors: ["conflict"],
    }),
    (c) => move(c, "firing"),
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
      const acting = actingAt(c, site);
      const { id: incidentId } = await incidentAt(acting);
      const { id: author, name: by } = acting.author;
      const entry: IncidentEntry = { key: crypto.randomUUID(), at: Date.now(), kind: "note", by, text, value: null };
      await addNote(c.env.DB, site.id, { ...entry, incidentId, author });
      recordChange(c, { made: entry.key, after: { kind: "note" } });
      return c.json(entry, 201);
    },
  );
