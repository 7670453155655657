// What is left of somebody in what they made, once their account ends: what the team works with stays, without a name.
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import type { Author } from "../domain/resource.ts";
import {
  alertRules,
  boardLayouts,
  comments,
  incidentEntries,
  incidents,
  replies,
  resources,
  shares,
} from "./schema/index.ts";

const GONE: Author = { id: "gone", name: "Somebody who left" };

/** Statements for a batch, each of them nothing unless `isGone`. What only the author saw goes, and links to it. */
export function forgetAuthor(store: DrizzleD1Database, author: string, isGone: SQL) {
  const ownBoard = and(
    inArray(resources.kind, ["board", "report"]),
    eq(resources.createdBy, author),
    sql`json_extract(${resources.body}, '$.visibility') = 'private'`,
  );
  const ofOwnBoard = (siteId: SQL, boardId: SQL) =>
    sql`exists (select 1 from ${resources} where ${resources.siteId} = ${siteId} and ${resources.id} = ${boardId} and ${ownBoard})`;
  const nameless = { createdBy: GONE.id, authorName: GONE.name };
  const ofParts = sql`from json_each(${alertRules.state}, '$.parts') where json_each.value ->> '$.incident.assignee.id' = ${author}`;
  const namelessParts = sql`json_group_object(json_each.key, json_object('incident', json_object('assignee', json(${JSON.stringify(GONE)}))))`;
  return [
    store.delete(shares).where(and(ofOwnBoard(sql`${shares.siteId}`, sql`${shares.boardId}`), isGone)),
    store.delete(boardLayouts).where(and(eq(boardLayouts.person, author), isGone)),
    store.delete(resources).where(and(ownBoard, isGone)),
    store
      .update(resources)
      .set(nameless)
      .where(and(eq(resources.createdBy, author), isGone)),
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
