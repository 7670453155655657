// A stand-in for the SQL API of Analytics Engine on a socket of this machine, with replies in its published form.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as z from "zod";

/** As documented of FORMAT JSON: 64-bit numbers as text. */
const replySchema = z.strictObject({
  meta: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  data: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  rows: z.int(),
});

type Row = Record<string, string | number>;

export interface SqlApi {
  url: string;
  /** Statements that came, oldest first. */
  statements: string[];
  /** How the next are answered: with rows, with a status of failure, or not at all. */
  answer: ((sql: string) => Row[]) | number | "never";
  close(): Promise<void>;
}

function replyOf(rows: Row[]): string {
  const meta = Object.entries(rows[0] ?? {}).map(([name, value]) => ({
    name,
    type: typeof value === "number" ? "Float64" : "String",
  }));
  return JSON.stringify(replySchema.parse({ meta, data: rows, rows: rows.length }));
}

export async function openSqlApi(): Promise<SqlApi> {
  const server: Server = createServer(async (request, response) => {
    const sql = await text(request);
    api.statements.push(sql);
    if (api.answer === "never") return;
    if (typeof api.answer === "number") response.writeHead(api.answer).end("not now");
    else response.end(replyOf(api.answer(sql)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api: SqlApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server's address is an object
    statements: [],
    answer: () => [],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return api;
}
