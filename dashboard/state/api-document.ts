// The API's own document, in the shape that the page of it shows.
import { type Reply, request } from "./api.ts";

export interface DocumentedOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  "x-needs": string;
  parameters?: { name: string; in: string; required: boolean; schema: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { $ref?: string; description?: string; content?: Record<string, { schema: unknown }> }>;
}

export interface ApiDocument {
  info: { title: string; description: string };
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, unknown>; responses: Record<string, { description: string }> };
}

export interface Listed extends DocumentedOperation {
  method: string;
  path: string;
}

export const loadDocument = (): Promise<Reply<ApiDocument>> => request("/api/v1/openapi.json", { quiet: true });

/** By tag, in alphabetical order. */
export function operationsByTag({ paths }: ApiDocument): [tag: string, operations: Listed[]][] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  return [...Map.groupBy(all, ({ tags }) => tags[0] ?? "")].sort(([a], [b]) => a.localeCompare(b));
}

/** Whether every word of the text stands in what the operation is called by. */
export function mentions({ method, path, summary, operationId, tags }: Listed, text: string): boolean {
  const names = [method, path, summary, operationId, ...tags].join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word));
}
