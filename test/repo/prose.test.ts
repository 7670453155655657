import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { citedPaths, citedScripts, pathExists, shellCommands } from "./prose-rules.ts";
import { listFiles, listProse, readSource, root } from "./source.ts";

const prose = listProse();
const files = listFiles();
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readSource("package.json").text);

/** Folders of the first and second level that hold code: each is a room. */
function rooms(): string[] {
  const parents = ["workers/", "durable-objects/"];
  const singles = ["dashboard/", "test/", "bench/", "sdk/"];
  const nested = files.flatMap((path) => {
    const parent = parents.find((prefix) => path.startsWith(prefix));
    const name = parent && path.slice(parent.length).split("/");
    return parent && name && name.length > 1 ? [`${parent}${name[0]}/`] : [];
  });
  return [...new Set([...nested, ...singles.filter((single) => files.some((path) => path.startsWith(single)))])].sort();
}

describe("prose", () => {
  it("stands in every room", () => {
    const bare = rooms()
      .filter((room) => !files.includes(`${room}README.md`))
      .map((room) => `${room}: add a README.md: what lives here, what it may import, how to add one, decisions`);
    expect(bare).toEqual([]);
  });

  it("cites only paths that exist", () => {
    const broken = prose.flatMap((source) =>
      citedPaths(source)
        .filter(({ path }) => !pathExists(source, path))
        .map(({ path, line }) => `${source.path}:${line}: ${path} does not exist; correct it or remove it`),
    );
    expect(broken).toEqual([]);
  });

  it("links only to files that exist", () => {
    const broken = prose.flatMap((source) =>
      [...source.text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1] ?? "")
        .filter((path) => !pathExists(source, path))
        .map((path) => `${source.path}: the link to ${path} leads nowhere`),
    );
    expect(broken).toEqual([]);
  });

  it("gives only npm commands that exist", () => {
    const broken = prose.flatMap((source) =>
      citedScripts(source)
        .filter(({ path }) => !(path in scripts))
        .map(({ path, line }) => `${source.path}:${line}: package.json has no script ${path}`),
    );
    expect(broken).toEqual([]);
  });

  it("gives shell lines that a shell can read", async () => {
    const { execFileSync } = await import("node:child_process");
    for (const command of prose.flatMap(shellCommands)) {
      expect(() => execFileSync("bash", ["-n", "-c", command]), command).not.toThrow();
    }
  });
});

describe("the README's test command", () => {
  it("is what .ci/run runs, and nothing else", () => {
    const lines = readFileSync(`${root}.ci/run`, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#") && !/^(?:set|cd) /.test(line));
    expect(lines).toEqual(["npm ci && npm test"]);
    expect(shellCommands(readSource("README.md"))).toContain(lines[0]);
  });

  it("runs on the Node that the lockfile brings, whatever the system's", () => {
    const own = Object.entries(scripts).filter(([, command]) => /(?:^|\s)(?:\/|npx |nvm )/.test(command));
    expect(own).toEqual([]);
  });
});

describe("the rule on cited paths", () => {
  const cited = (text: string): string[] => citedPaths({ path: "docs/x.md", text }).map(({ path }) => path);

  it("takes repository paths and leaves addresses, patterns and code alone", () => {
    expect(cited("`workers/domain/event.ts` `wrangler.toml` `workers/index.ts:12`")).toEqual([
      "workers/domain/event.ts",
      "wrangler.toml",
      "workers/index.ts",
    ]);
    expect(cited("`/api/event` `dashboard/dist` `test/pure/**` `POST /x` `a/b` `<room>/README.md`")).toEqual([]);
  });
});

describe("the rule on npm commands", () => {
  const cited = (text: string): string[] => citedScripts({ path: "x.md", text }).map(({ path }) => path);

  it("reads code and leaves sentences about npm alone", () => {
    expect(cited("npm are fine; `npm run build`, `npm ci`\n```sh\nnpm test -- x\n```\n")).toEqual(["build", "test"]);
  });
});
