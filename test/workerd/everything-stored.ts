import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createSegments } from "../../durable-objects/site-shard/segments.ts";
import type { Site } from "../../workers/domain/site.ts";
import { eventsOf } from "../../workers/engine/batch-rows.ts";
import { liveSite } from "../../workers/store/objects.ts";
import { shardsOfSite } from "./worker.ts";

const IN_D1 = "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'";

function readable(value: unknown): unknown {
  return value instanceof ArrayBuffer ? Array.from(new Uint8Array(value)) : value;
}

async function inObject(stub: DurableObjectStub<undefined>): Promise<unknown> {
  return runInDurableObject(stub, async (_, state) => {
    const { sql } = state.storage;
    const tables = sql.exec<{ name: string }>(`${IN_D1} and name not like 'sqlite%'`).toArray();
    return {
      rows: tables.map(({ name }) =>
        sql
          .exec(`select * from "${name}"`)
          .toArray()
          .map((row) => Object.entries(row).map(([, value]) => readable(value))),
      ),
      entries: [...(await state.storage.list())],
      sealed: tables.some(({ name }) => name === "segments")
        ? createSegments(state.storage).read(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY).map(eventsOf)
        : [],
    };
  });
}

/** All that D1 and the site's objects hold, sealed segments decoded, as JSON to be searched. */
export async function everythingStored(site: Site): Promise<string> {
  const { results: tables } = await env.DB.prepare(IN_D1).all<{ name: string }>();
  const inD1 = await Promise.all(
    tables.map(async ({ name }) => (await env.DB.prepare(`select * from "${name}"`).all()).results),
  );
  const objects = [...shardsOfSite(site), liveSite(env, site)];
  // The tests look at storage only, whatever the object's class.
  const inObjects = await Promise.all(objects.map((stub) => inObject(stub as unknown as DurableObjectStub<undefined>)));
  return JSON.stringify([inD1, inObjects]);
}
