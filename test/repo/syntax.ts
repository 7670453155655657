// What the rules ask of a file's syntax tree.

import { posix } from "node:path";
import { type Comment, type ParseResult, parseSync, Visitor } from "oxc-parser";
import { lineAt, type Source } from "./source.ts";

export interface Import {
  /** As written: `./bounce-rate.ts`, `zod`. */
  specifier: string;
  /** From the root, for a relative one; otherwise null. */
  path: string | null;
  /** Erased by the compiler: `import type`, or nothing but `type` names. */
  typeOnly: boolean;
  line: number;
}

export interface FunctionSpan {
  line: number;
  lines: number;
}

export interface Finding {
  line: number;
  text: string;
}

export function parse(source: Source): ParseResult {
  const result = parseSync(source.path, source.text);
  const [error] = result.errors;
  if (error) throw new SyntaxError(`${source.path}: ${error.message}`);
  return result;
}

/** Static imports, re-exports and dynamic imports of a literal. */
export function importsOf(source: Source): Import[] {
  const { module } = parse(source);
  const found = (start: number, specifier: string, typeOnly: boolean): Import => ({
    specifier,
    path: specifier.startsWith(".") ? posix.join(posix.dirname(source.path), specifier) : null,
    typeOnly,
    line: lineAt(source.text, start),
  });
  const imports = module.staticImports.map((statement) => {
    const typeOnly = statement.entries.length > 0 && statement.entries.every((entry) => entry.isType);
    return found(statement.start, statement.moduleRequest.value, typeOnly);
  });
  const reexports = module.staticExports.flatMap((statement) =>
    statement.entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [found(statement.start, moduleRequest.value, isType)] : [],
    ),
  );
  const dynamic = module.dynamicImports.flatMap(({ start, moduleRequest }) => {
    const literal = /^["'](.+)["']$/.exec(source.text.slice(moduleRequest.start, moduleRequest.end));
    return literal?.[1] ? [found(start, literal[1], false)] : [];
  });
  return [...imports, ...reexports, ...dynamic];
}

/** Every function, method and arrow function, nested ones within their parents' lines too. */
export function functionsOf(source: Source): FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  const add = (node: { start: number; end: number; body?: unknown }): void => {
    if (!node.body) return;
    const line = lineAt(source.text, node.start);
    spans.push({ line, lines: lineAt(source.text, node.end) - line + 1 });
  };
  new Visitor({ FunctionDeclaration: add, FunctionExpression: add, ArrowFunctionExpression: add }).visit(
    parse(source).program,
  );
  return spans;
}

/** `any` as a type, and comments that silence the compiler. */
export function loosenings(source: Source): Finding[] {
  const { program, comments } = parse(source);
  const found: Finding[] = [];
  new Visitor({
    TSAnyKeyword: (node) => found.push({ line: lineAt(source.text, node.start), text: "any" }),
  }).visit(program);
  for (const comment of comments) {
    const silencer = /@ts-(?:ignore|nocheck|expect-error)/.exec(comment.value);
    if (silencer) found.push({ line: lineAt(source.text, comment.start), text: silencer[0] });
  }
  return found;
}

/** Assertions by `as` other than `as const` with no comment on their own lines or the line above. */
export function unexplainedAssertions(source: Source): Finding[] {
  const { program, comments } = parse(source);
  const explained = commentedLines(source, comments);
  const found: Finding[] = [];
  new Visitor({
    TSAsExpression: (node) => {
      const type = source.text.slice(node.typeAnnotation.start, node.typeAnnotation.end);
      if (type === "const") return;
      const first = lineAt(source.text, node.start);
      const last = lineAt(source.text, node.end);
      for (let line = first - 1; line <= last; line++) if (explained.has(line)) return;
      found.push({ line: last, text: `as ${type}` });
    },
  }).visit(program);
  return found;
}

function commentedLines(source: Source, comments: Comment[]): Set<number> {
  return new Set(
    comments.flatMap(({ start, end }) => {
      const first = lineAt(source.text, start);
      return Array.from({ length: lineAt(source.text, end) - first + 1 }, (_, i) => first + i);
    }),
  );
}
