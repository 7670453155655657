import { describe, expect, it } from "vitest";
import { lineAt, listSources, readSource, type Source } from "./source.ts";
import { importsOf } from "./syntax.ts";

/** Others may hand a binding on to a function of the store; only the store calls it. */
const SPEAKERS = /^workers\/(?:store|local)\//;
const CALLS = /\.(?:prepare|writeDataPoint|getWithMetadata)\(/g;

/** Binding names of D1, KV, R2 and Analytics Engine in wrangler.toml. */
function storeBindings(toml: string): string[] {
  const sections = toml.split(/^(?=\[)/m);
  return sections
    .filter((section) => /^\[\[(?:d1_databases|kv_namespaces|r2_buckets|analytics_engine_datasets)\]\]/.test(section))
    .flatMap((section) => /^binding = "(\w+)"/m.exec(section)?.[1] ?? []);
}

const bindings = storeBindings(readSource("wrangler.toml").text);
const shipped = listSources().filter(({ path }) => /^(?:workers|durable-objects)\//.test(path) && !SPEAKERS.test(path));

function breaches({ path, text }: Source): string[] {
  const ofBindings = new RegExp(`\\b(?:env|this)\\.(?:${bindings.join("|")})[!?]?\\.\\w+`, "g");
  const calls = [...text.matchAll(ofBindings), ...text.matchAll(CALLS)];
  const drizzle = importsOf({ path, text }).filter(({ specifier }) => specifier.startsWith("drizzle-orm"));
  const remedy = "only workers/store speaks to it; add a function there and pass the binding to it";
  return [
    ...calls.map((found) => `${path}:${lineAt(text, found.index)}: ${found[0]}: ${remedy}`),
    ...drizzle.map(({ line, specifier }) => `${path}:${line}: ${specifier}: ${remedy}`),
  ];
}

describe("stores", () => {
  it("are spoken to by one room", () => {
    expect(shipped.flatMap(breaches)).toEqual([]);
  });

  it("are found in wrangler.toml, so that a new binding is covered", () => {
    expect(bindings).toEqual(expect.arrayContaining(["DB", "SECRETS", "EVENTS"]));
  });

  it("stop a room that asks the database itself, and let one hand it on", () => {
    expect(breaches({ path: "workers/api/x.ts", text: "await env.DB.batch(all);" })).toHaveLength(1);
    expect(breaches({ path: "workers/api/x.ts", text: "await db.prepare(sql).run();" })).toHaveLength(1);
    expect(breaches({ path: "workers/api/x.ts", text: "await loadSite(env.DB, id);" })).toEqual([]);
    expect(breaches({ path: "workers/query/run.ts", text: 'import { eq } from "drizzle-orm";' })).toHaveLength(1);
  });
});
