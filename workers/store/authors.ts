// What is left of somebody in what they made, once their account ends: what the team works with stays, without a name.
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import type { Author } from "../domain/resource.ts";
import {
  alertRules,
  alertRuns,
  boardLayouts,
  comments,
  incidentEntries,
  incidents,
  replies,
  reportSchedules,
  resources,
  shares,
} from "./schema/index.ts";

const GONE: Author = { id: "gone", name: "Somebody who left" };

/** Who turns away a run of alerts that read the rules before. */
const otherWriter = sql`lower(hex(randomblob(16)))`;

/** In the rotations of teams: by their ids, and in what was told of them by the name they had. */
function forgetOnCall(store: DrizzleD1Database, { id, name }: { id: string; name: string }, isGone: SQL) {
  const { body } = resources;
  const isThem = sql`one.value ->> 'member' = ${id}`;
  const called = sql`(select one.value ->> 'name' from json_each(${body}, '$.people') one where ${isThem})`;
  // Two who left are told apart.
  const nameless = sql`${GONE.name} || iif(one.key = 0, '', ' ' || (one.key + 1))`;
  const theirs = sql`(select ${nameless} from json_each(${body}, '$.people') one where ${isThem})`;
  const people = sql`(select json_group_array(json_set(one.value, '$.name', iif(${isThem}, ${nameless}, one.value ->> 'name')))
    from json_each(${body}, '$.people') one)`;
  const overrides = sql`(select json_group_array(json(iif(other.value ->> 'person' = ${called},
    json_set(other.value, '$.person', ${theirs}), other.value))) from json_each(${body}, '$.overrides') other)`;
  const { text, kind } = incidentEntries;
  const told = [`${name} (on call, `, `as ${name} left the team`] as const;
  const left = [`${GONE.name} (on call, `, "as somebody left the team"] as const;
  return [
    store
      .update(resources)
      .set({ body: sql`json_set(${body}, '$.people', json(${people}), '$.overrides', json(${overrides}))` })
      .where(and(eq(resources.kind, "rotation"), sql`${called} is not null`, isGone)),
    store
      .update(incidentEntries)
      .set({ text: sql`replace(replace(${text}, ${told[0]}, ${left[0]}), ${told[1]}, ${left[1]})` })
      .where(and(eq(kind, "escalated"), sql`(instr(${text}, ${told[0]}) or instr(${text}, ${told[1]}))`, isGone)),
  ] as const;
}

/** Statements for a batch, each of them nothing unless `isGone`. What only the author saw goes, and links to it. */
export function forgetAuthor(
  store: DrizzleD1Database,
  { author, ...person }: { author: string; id: string; name: string },
  isGone: SQL,
) {
  const ownOnly = and(
    inArray(resources.kind, ["board", "report"]),
    eq(resources.createdBy, author),
    sql`json_extract(${resources.body}, '$.visibility') = 'private'`,
  );
  const showsOwn = sql`exists (select 1 from ${resources} where ${resources.siteId} = ${shares.siteId}
    and ${resources.id} in (${shares.boardId}, ${shares.reportId}) and ${ownOnly})`;
  const nameless = { createdBy: GONE.id, authorName: GONE.name };
  const ofParts = sql`from json_each(${alertRules.state}, '$.parts') where json_each.value ->> '$.incident.assignee.id' = ${author}`;
  const namelessParts = sql`json_group_object(json_each.key, json_object('incident', json_object('assignee', json(${JSON.stringify(GONE)}))))`;
  return [
    // First, and of every site: which rules name them is only known to who has read them.
    store.update(alertRuns).set({ writer: otherWriter }).where(isGone),
    ...forgetOnCall(store, person, isGone),
    store.delete(shares).where(and(showsOwn, isGone)),
    store.delete(boardLayouts).where(and(eq(boardLayouts.person, author), isGone)),
    store.delete(resources).where(and(ownOnly, isGone)),
    store
      .update(resources)
      .set(nameless)
      .where(and(eq(resources.createdBy, author), isGone)),
    store
      .update(reportSchedules)
      .set(nameless)
      .where(and(eq(reportSchedules.createdBy, author), isGone)),
    store
      .update(comments)
      .set(nameless)
      .where(and(eq(comments.createdBy, author), isGone)),
    store
      .update(incidentEntries)
      .set({ author: GONE.id, by: GONE.name })
      .where(and(eq(incidentEntries.author, author), isGone)),
    store
      .update(incidentEntries)
      .set({ text: GONE.name })
      .where(
        and(eq(incidentEntries.kind, "assigned"), sql`instr(${incidentEntries.key}, ${`${author}.`}) = 1`, isGone),
      ),
    store
      .update(incidents)
      .set({ body: sql`json_set(${incidents.body}, '$.assignee', json(${JSON.stringify(GONE)}))` })
      .where(and(sql`${incidents.body} ->> '$.assignee.id' = ${author}`, isGone)),
    store
      .update(alertRules)
      .set({ state: sql`json_set(${alertRules.state}, '$.incident.assignee', json(${JSON.stringify(GONE)}))` })
      .where(and(sql`${alertRules.state} ->> '$.incident.assignee.id' = ${author}`, isGone)),
    store
      .update(alertRules)
      .set({ state: sql`json_patch(${alertRules.state}, (select json_object('parts', ${namelessParts}) ${ofParts}))` })
      .where(and(sql`exists (select 1 ${ofParts})`, isGone)),
    store.delete(replies).where(and(eq(replies.actor, author), isGone)),
  ] as const;
}
