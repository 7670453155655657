import { describe, expect, it } from "vitest";
import { REGISTRIES, registryBreaches, registryEntries } from "./registry-rules.ts";
import { listSources } from "./source.ts";

const sources = listSources();
const present = REGISTRIES.flatMap((folder) => sources.filter(({ path }) => path === `${folder}/index.ts`));

describe("registries", () => {
  it.each(present.map((index) => [index.path, index] as const))(
    "%s is a plain object literal of files beside it",
    (path, index) => {
      const folder = path.replace(/index\.ts$/, "");
      const siblings = sources.filter((source) => {
        const name = source.path.startsWith(folder) ? source.path.slice(folder.length) : "";
        return name !== "" && name !== "index.ts" && !name.includes("/");
      });
      expect(registryBreaches(index, siblings)).toEqual([]);
    },
  );

  it("have their index where the folder exists", () => {
    const missing = REGISTRIES.filter(
      (folder) =>
        sources.some(({ path }) => path.startsWith(`${folder}/`)) &&
        !sources.some(({ path }) => path === `${folder}/index.ts`),
    );
    expect(missing).toEqual([]);
  });
});

describe("the registry rule", () => {
  const entry = { path: "workers/catalog/metrics/bounce-rate.ts", text: "export const bounceRate = {};" };
  const anIndex = (text: string) => ({ path: "workers/catalog/metrics/index.ts", text });

  it("passes keys that name their files", () => {
    const text =
      'import { bounceRate } from "./bounce-rate.ts";\nexport const metrics = { bounce_rate: bounceRate } as const;';
    expect(registryBreaches(anIndex(text), [entry])).toEqual([]);
  });

  it("stops a key that is not the file's name", () => {
    const text = 'import { bounceRate } from "./bounce-rate.ts";\nexport const metrics = { bounces: bounceRate };';
    expect(registryBreaches(anIndex(text), [entry])).toEqual([
      "workers/catalog/metrics/index.ts: bounces: ./bounce-rate.ts should be called bounces.ts, or its entry bounces",
    ]);
  });

  it("finds a file that nobody registered", () => {
    expect(registryBreaches(anIndex("export const metrics = {};"), [entry])).toHaveLength(1);
  });

  it("passes entries that differ by a word and share a file", () => {
    const shared = {
      path: "workers/catalog/metrics/rate.ts",
      text: "export const rate = (name: string) => ({ name });",
    };
    const text = (argument: string) =>
      `import { rate } from "./rate.ts";\nexport const metrics = { bounce_rate: rate(${argument}) };`;
    expect(registryBreaches(anIndex(text('"bounce"')), [shared])).toEqual([]);
    expect(registryBreaches(anIndex(text("await load()")), [shared])).toHaveLength(1);
  });

  it("stops what is computed at import", () => {
    expect(registryEntries(anIndex("export const metrics = build();"))).toBeNull();
    expect(registryBreaches(anIndex("export const metrics = { ...others };"), [])).toHaveLength(1);
  });
});
