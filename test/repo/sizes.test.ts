import { describe, expect, it } from "vitest";
import { listFiles, listSources, readSource } from "./source.ts";
import { functionsOf } from "./syntax.ts";

const FILE_LINES = 350;
const FUNCTION_LINES = 80;
const README_LINES = 25;

const sources = listSources();
const shipped = sources.filter(({ path }) => !path.startsWith("test/"));
const lineCount = (text: string): number => text.trimEnd().split("\n").length;

describe("sizes", () => {
  it(`keep a file within ${FILE_LINES} lines`, () => {
    const long = shipped.flatMap(({ path, text }) => {
      const lines = lineCount(text);
      return lines > FILE_LINES ? [`${path}: ${lines} lines; split it by what its parts decide`] : [];
    });
    expect(long).toEqual([]);
  });

  it(`keep a function within ${FUNCTION_LINES} lines`, () => {
    const long = shipped.flatMap((source) =>
      functionsOf(source).flatMap(({ line, lines }) =>
        lines > FUNCTION_LINES ? [`${source.path}:${line}: ${lines} lines; name its steps as functions`] : [],
      ),
    );
    expect(long).toEqual([]);
  });

  it(`keep a room's README within ${README_LINES} lines`, () => {
    const long = listFiles()
      .filter((path) => path.endsWith("/README.md"))
      .flatMap((path) => {
        const lines = lineCount(readSource(path).text);
        return lines > README_LINES ? [`${path}: ${lines} lines; keep decisions, move guidance to docs/`] : [];
      });
    expect(long).toEqual([]);
  });

  it("count a function's lines from its first to its last", () => {
    const text = "export function a() {\n  return () => {\n    return 1;\n  };\n}\n";
    expect(functionsOf({ path: "x.ts", text })).toEqual([
      { line: 1, lines: 5 },
      { line: 2, lines: 3 },
    ]);
  });
});
