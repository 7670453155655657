// A registry is a folder whose index.ts is one object literal: key → the entry that a file beside it exports, or that a
// function of such a file gives for literal arguments, where several kinds differ by a word.

import type { Expression, ObjectExpression } from "oxc-parser";
import type { Source } from "./source.ts";
import { importsOf, parse } from "./syntax.ts";

/** Folders in which "one file and one line" adds a kind. */
export const REGISTRIES = [
  "workers/catalog/metrics",
  "workers/catalog/dimensions",
  "workers/catalog/packs",
  "workers/catalog/boards",
  "workers/catalog/reports",
  "workers/analyses",
  "workers/ingest/protocols",
  "workers/ingest/pii/detectors",
  "workers/delivery/channels",
  "workers/alerts/detectors",
  "workers/jobs",
  "workers/quality/checks",
  "workers/reports/formats",
  "workers/reports/insights",
  "workers/reports/sections",
  "workers/history/formats",
] as const;

interface Entry {
  key: string;
  /** File the value comes from, beside the index; null when it is neither imported nor made by an imported function. */
  file: string | null;
  /** Made by a function of the file, which then serves several keys. */
  made: boolean;
}

/** The entries of the registry that `index` exports; null when there is no plain object literal. */
export function registryEntries(index: Source): Entry[] | null {
  const { program, module } = parse(index);
  const files = new Map(
    module.staticImports.flatMap((statement) =>
      statement.entries.map((entry) => [entry.localName.value, statement.moduleRequest.value] as const),
    ),
  );
  for (const statement of program.body) {
    if (statement.type !== "ExportNamedDeclaration" || statement.declaration?.type !== "VariableDeclaration") continue;
    const literal = objectLiteral(statement.declaration.declarations[0]?.init ?? null);
    if (literal) return literal.properties.map((property) => toEntry(property, files));
  }
  return null;
}

function objectLiteral(expression: Expression | null): ObjectExpression | null {
  if (!expression) return null;
  if (expression.type === "ObjectExpression") return expression;
  if (expression.type === "TSAsExpression" || expression.type === "TSSatisfiesExpression") {
    return objectLiteral(expression.expression);
  }
  return null;
}

function toEntry(property: ObjectExpression["properties"][number], files: Map<string, string>): Entry {
  if (property.type === "SpreadElement") return { key: "...", file: null, made: false };
  const { key, value } = property;
  const named = key.type === "Identifier" && !property.computed;
  const name = named ? key.name : key.type === "Literal" ? String(key.value) : "?";
  if (value.type === "Identifier") return { key: name, file: files.get(value.name) ?? null, made: false };
  const isPlainCall =
    value.type === "CallExpression" &&
    value.callee.type === "Identifier" &&
    value.arguments.every(({ type }) => type === "Literal");
  if (!isPlainCall || value.callee.type !== "Identifier") return { key: name, file: null, made: false };
  return { key: name, file: files.get(value.callee.name) ?? null, made: true };
}

/** Breaches of one registry. `siblings` are the other TypeScript files of its folder. */
export function registryBreaches(index: Source, siblings: Source[]): string[] {
  const entries = registryEntries(index);
  if (!entries) return [`${index.path}: export one plain object literal, key → entry, and nothing computed`];
  const folder = index.path.replace(/index\.ts$/, "");
  const misnamed = entries.flatMap(({ key, file, made }) => {
    if (!file?.startsWith("./"))
      return [`${index.path}: ${key}: give each entry a file beside the index and import it`];
    const entry = siblings.find(({ path }) => path === folder + file.slice(2));
    if (!entry) return [`${index.path}: ${key}: ${file} does not exist`];
    const matches = made || fileStem(key) === file.slice(2, -3) || entry.text.includes(`name: "${key}"`);
    return matches ? [] : [`${index.path}: ${key}: ${file} should be called ${fileStem(key)}.ts, or its entry ${key}`];
  });
  const used = new Set([index, ...siblings].flatMap((source) => importsOf(source).map(({ path }) => path)));
  const unregistered = siblings
    .filter(({ path }) => !used.has(path))
    .map(({ path }) => `${path}: nobody imports it; add its line to ${index.path}`);
  return [...misnamed, ...unregistered];
}

/** `visit:entry_page` → entry-page, `bounceRate` → bounce-rate. */
function fileStem(key: string): string {
  const [name = ""] = key.split(":").slice(-1);
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}
