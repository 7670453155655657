import { describe, expect, it } from "vitest";
import { importBreaches, importCycles } from "./import-rules.ts";
import { listSources, readSource, type Source } from "./source.ts";
import { importsOf } from "./syntax.ts";

const sources = listSources();
const shipped = sources.filter(({ path }) => !/^(?:test|bench)\//.test(path));
const packages: { dependencies: Record<string, string> } = JSON.parse(readSource("package.json").text);
const aSource = (path: string, text: string): Source => ({ path, text });

describe("imports", () => {
  it("go down only, as the table of rooms says", () => {
    expect(shipped.flatMap(importBreaches)).toEqual([]);
  });

  it("of values form no cycle", () => {
    expect(importCycles(sources).map((cycle) => cycle.join(" → "))).toEqual([]);
  });

  it("name files by their extension", () => {
    const bare = sources.flatMap((source) =>
      importsOf(source).flatMap(({ path, line }) =>
        path && !/\.\w+(?:\?\w+)?$/.test(path) ? [`${source.path}:${line}: write ${path} with its extension`] : [],
      ),
    );
    expect(bare).toEqual([]);
  });

  it("of the Worker and the dashboard take values only from production dependencies", () => {
    const strays = shipped
      .filter(({ path }) => !path.startsWith("workers/local/") && !/(?:\.config|\/build)\.ts$/.test(path))
      .flatMap((source) =>
        importsOf(source).flatMap(({ specifier, path, typeOnly, line }) => {
          if (path || typeOnly || /^(?:node|cloudflare|virtual):/.test(specifier)) return [];
          const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
          return name in packages.dependencies ? [] : [`${source.path}:${line}: add ${name} to dependencies`];
        }),
      );
    expect(strays).toEqual([]);
  });
});

describe("the import rule", () => {
  it("refuses a domain that looks up", () => {
    const [breach] = importBreaches(aSource("workers/domain/x.ts", 'import { a } from "../query/plan.ts";'));
    expect(breach).toContain("domain may not import query");
  });

  it("refuses one feature in another and names the remedy", () => {
    const [breach] = importBreaches(aSource("workers/alerts/x.ts", 'import { a } from "../reports/y.ts";'));
    expect(breach).toContain("combine them in api or jobs");
  });

  it("lets the dashboard take a type from api, not a value", () => {
    const path = "dashboard/state/x.ts";
    expect(importBreaches(aSource(path, 'import type { A } from "../../workers/api/sites.ts";'))).toEqual([]);
    expect(importBreaches(aSource(path, 'import { type A } from "../../workers/api/sites.ts";'))).toEqual([]);
    expect(importBreaches(aSource(path, 'import { a } from "../../workers/api/sites.ts";'))[0]).toContain(
      "import type",
    );
    expect(importBreaches(aSource(path, 'export { a } from "../../workers/api/sites.ts";'))[0]).toContain(
      "import type",
    );
    expect(importBreaches(aSource(path, 'const a = import("../../workers/api/sites.ts");'))[0]).toContain(
      "import type",
    );
  });

  it("keeps Durable Objects apart but for their protocols", () => {
    const path = "durable-objects/live-site/x.ts";
    expect(importBreaches(aSource(path, 'import type { A } from "../site-shard/protocol.ts";'))).toEqual([]);
    expect(importBreaches(aSource(path, 'import type { A } from "../site-shard/object.ts";'))).toHaveLength(1);
    expect(importBreaches(aSource(path, 'import { a } from "../../workers/api/sites.ts";'))).toHaveLength(1);
  });

  it("keeps local commands out of the Worker", () => {
    expect(importBreaches(aSource("workers/index.ts", 'import { a } from "./local/start.ts";'))).toHaveLength(1);
  });

  it("asks where a new folder belongs", () => {
    expect(importBreaches(aSource("workers/misc/x.ts", ""))[0]).toContain("add the room to test/repo/rooms.ts");
  });

  it("finds a cycle of values and passes over one of types", () => {
    const a = aSource("workers/engine/a.ts", 'import { b } from "./b.ts";');
    const valueBack = aSource("workers/engine/b.ts", 'import { a } from "./a.ts";');
    const typeBack = aSource("workers/engine/b.ts", 'import type { A } from "./a.ts";');
    expect(importCycles([a, valueBack])).toEqual([
      ["workers/engine/a.ts", "workers/engine/b.ts", "workers/engine/a.ts"],
    ]);
    expect(importCycles([a, typeBack])).toEqual([]);
  });
});
