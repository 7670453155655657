import { describe, expect, it } from "vitest";
import { lineAt, listFiles, listSources } from "./source.ts";
import { loosenings, unexplainedAssertions } from "./syntax.ts";

/** Words that say nothing about what a file is for. */
const EMPTY_WORDS = /^(?:hits?|managers?|helpers?|utils?|common|data|info)$/;

const sources = listSources();
const at = (path: string, line: number, message: string): string => `${path}:${line}: ${message}`;

describe("style", () => {
  it("names files and folders in kebab-case, by what they hold", () => {
    const breaches = listFiles().flatMap((path) =>
      path.split("/").flatMap((part) => {
        const stem = part.replace(/\..*$/, "");
        const word = stem.split("-").find((piece) => EMPTY_WORDS.test(piece));
        if (word) return [`${path}: "${word}" says nothing; name it after its main export`];
        const isCode = /\.tsx?$/.test(part);
        // Pages routes by the file's name: [[path]].ts takes every path below.
        if (isCode && !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*|\[\[path\]\])$/.test(stem)) return [`${path}: use kebab-case`];
        return [];
      }),
    );
    expect(breaches).toEqual([]);
  });

  it("has no any and no comment that silences the compiler", () => {
    const breaches = sources.flatMap((source) =>
      loosenings(source).map(({ line, text }) =>
        at(source.path, line, `${text}: give the true type, or unknown and a check`),
      ),
    );
    expect(breaches).toEqual([]);
  });

  it("explains each `as` outside the tests", () => {
    const breaches = sources
      .filter(({ path }) => !path.startsWith("test/"))
      .flatMap((source) =>
        unexplainedAssertions(source).map(({ line, text }) =>
          at(source.path, line, `${text}: narrow by a check, or say in a comment on this line why it holds`),
        ),
      );
    expect(breaches).toEqual([]);
  });

  it("uses named exports but where a tool asks for a default", () => {
    const asked =
      /^(?:(?:workers|bench\/worker)\/index\.ts|workers\/local\/assets\.ts|test\/workerd\/(?:ringing-worker|upkeep-worker|worker-without-live)\.ts|.*\.config\.ts|dashboard\/functions\/.*)$/;
    const breaches = sources
      .filter(({ path }) => !asked.test(path))
      .flatMap(({ path, text }) => {
        const found = /^export default /m.exec(text);
        return found ? [at(path, lineAt(text, found.index), "export it by name")] : [];
      });
    expect(breaches).toEqual([]);
  });

  it("imports zod as a namespace, which bundles a fifth of the named import", () => {
    const named = sources
      .filter(({ text }) => /import \{[^}]*\} from "zod"/.test(text))
      .map(({ path }) => `${path}: write \`import * as z from "zod"\``);
    expect(named).toEqual([]);
  });

  it("leaves no task behind in a comment", () => {
    const marks = new RegExp(`\\b(?:${["TODO", "FIXME", "XXX", "HACK"].join("|")})\\b`);
    const breaches = sources
      .filter(({ path }) => path !== "test/repo/style.test.ts")
      .flatMap(({ path, text }) => {
        const found = marks.exec(text);
        return found ? [at(path, lineAt(text, found.index), `${found[0]}: do it, or open an issue`)] : [];
      });
    expect(breaches).toEqual([]);
  });
});

describe("the rule on assertions", () => {
  const unexplained = (text: string): string[] =>
    unexplainedAssertions({ path: "x.ts", text }).map((found) => found.text);

  it("passes `as const` and a comment on the line or above it", () => {
    expect(unexplained("const a = [1] as const;")).toEqual([]);
    expect(unexplained("const a = b as C; // the schema says so")).toEqual([]);
    expect(unexplained("// the schema says so\nconst a = b as C;")).toEqual([]);
  });

  it("stops an assertion that nobody explains", () => {
    expect(unexplained("const a = 1;\nconst b = a as unknown as C;")).toEqual(["as C", "as unknown"]);
  });
});
