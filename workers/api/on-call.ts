// Rotations of people, and who of them is on call.
import { Hono } from "hono";
import * as z from "zod";
import { named, rosterOf, shiftsOf } from "../alerts/on-call.ts";
import { AppError } from "../domain/errors.ts";
import { type NewRotation, type Rotation, rotationSchema, type Shift } from "../domain/on-call.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { listAlertChannels } from "../store/alert-channels.ts";
import { listResources, MOST_RESOURCES } from "../store/resources.ts";
import { listMembers } from "../store/teams.ts";
import type { AppContext } from "./access.ts";
import { readsNames } from "./author.ts";
import { changeKept, findKept, keepResource, removeKept } from "./keep-resource.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOf, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { resourceReply } from "./resource-reply.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;

const rotationReply = rotationSchema
  .safeExtend(resourceReply)
  .meta({ id: "OnCallRotation" }) satisfies z.ZodType<Rotation>;
const shiftReply = z
  .strictObject({
    from: z.int(),
    until: z.int(),
    person: z.string().nullable(),
    isOverride: z.boolean(),
    skipped: z.array(z.string()),
  })
  .meta({ id: "OnCallShift" }) satisfies z.ZodType<Shift>;
const daysSchema = z.object({ days: z.coerce.number().int().min(1).max(60).default(14) });

const shelfOf = ({ id }: Site) => ({ siteId: id, kind: "rotation" }) as const;
const idOf = (c: AppContext): string => c.req.param("rotationId") ?? "";
const ALL = { after: null, limit: MOST_RESOURCES } as const;

async function namesOf(c: AppContext, { teamId }: Site): Promise<Map<string, string>> {
  return new Map((await listMembers(c.env.DB, teamId)).map(({ id, name }) => [id, name]));
}

/** `keptAs`: the one that it replaces, whose people may have left the team since. */
async function readRotation(c: AppContext, site: Site, keptAs?: string): Promise<NewRotation> {
  const rotation = await readValid(c.req.raw, rotationSchema);
  const before = keptAs === undefined ? [] : (await findKept(c, shelfOf(site), keptAs)).people;
  const [channels, names] = await Promise.all([listAlertChannels(c.env.DB, site.id), namesOf(c, site)]);
  const known = new Set(channels.map(({ id }) => id));
  const members = new Set([...names.keys(), ...before.flatMap(({ member }) => member ?? [])]);
  const errors = rotation.people.flatMap(({ member, channels }, person) => [
    ...(member === null || members.has(member)
      ? []
      : [{ path: `people.${person}.member`, message: "is no member of the site's team; invite them first" }]),
    ...channels.flatMap((id, index) =>
      known.has(id) ? [] : [{ path: `people.${person}.channels.${index}`, message: "the site has no such channel" }],
    ),
  ]);
  if (errors.length > 0) throw invalidFields(errors);
  return named(rotation, names);
}

export const onCall = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/on-call",
    operation({
      summary: "Read who is on call, and who is next",
      needs: "query",
      about:
        "The first shift of each rotation is the one that runs. Who has left the team is skipped, by name. Share links are told of none.",
      query: daysSchema,
      replies: {
        200: z.strictObject({
          rotations: z.array(z.strictObject({ id: z.string(), name: z.string(), shifts: z.array(shiftReply) })),
        }),
      },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { days } = readQuery(c, daysSchema);
      const rotations = readsNames(c) ? await listResources(c.env.DB, shelfOf(site), ALL) : [];
      const from = Date.now();
      const names = await namesOf(c, site);
      const shifts = (rotation: NewRotation) =>
        shiftsOf(rosterOf(rotation, names), { from, until: from + days * DAY_MS });
      return c.json({ rotations: rotations.map((one) => ({ id: one.id, name: one.name, shifts: shifts(one) })) });
    },
  )
  .get(
    "/:id/on-call-rotations",
    operation({
      summary: "List a site's on-call rotations",
      needs: "define",
      query: pageSchema,
      replies: { 200: z.strictObject({ rotations: z.array(rotationReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { entries, next } = await pageOf(c, BY_AGE, (asked) => listResources(c.env.DB, shelfOf(site), asked));
      const names = await namesOf(c, site);
      return c.json({ rotations: entries.map((one) => named(one, names)), next });
    },
  )
  .post(
    "/:id/on-call-rotations",
    operation({
      summary: "Make an on-call rotation",
      needs: "define",
      body: rotationSchema,
      replies: { 201: rotationReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await keepResource(c, shelfOf(site), await readRotation(c, site)), 201);
    },
  )
  .get(
    "/:id/on-call-rotations/:rotationId",
    operation({ summary: "Read an on-call rotation", needs: "define", replies: { 200: rotationReply } }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(named(await findKept(c, shelfOf(site), idOf(c)), await namesOf(c, site)));
    },
  )
  .put(
    "/:id/on-call-rotations/:rotationId",
    operation({
      summary: "Change an on-call rotation",
      needs: "define",
      body: rotationSchema,
      replies: { 200: rotationReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = idOf(c);
      return c.json(await changeKept(c, shelfOf(site), { id, body: await readRotation(c, site, id) }));
    },
  )
  .delete(
    "/:id/on-call-rotations/:rotationId",
    operation({
      summary: "Remove an on-call rotation",
      needs: "define",
      about: "Not while an escalation policy names it.",
      replies: { 204: null },
      errors: ["stale", "conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const policies = await listResources(c.env.DB, { siteId: site.id, kind: "escalation_policy" }, ALL);
      const naming = policies.find(({ steps }) => steps.some(({ rotations }) => rotations.includes(idOf(c))));
      if (naming) throw new AppError("conflict", `the escalation policy “${naming.name}” names it; change that first`);
      await removeKept(c, shelfOf(site), idOf(c));
      return c.body(null, 204);
    },
  );
