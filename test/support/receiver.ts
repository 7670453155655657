// A server on this machine that takes what alerts send, for the Worker under test to reach over a real connection: POST /to/NAME
// takes one, GET /taken/NAME lists the ids of those that it said yes to, PUT /answer/NAME sets the status that it answers with.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Its address. It ends with the process. */
export async function startReceiver(): Promise<string> {
  const taken = new Map<string, string[]>();
  const statuses = new Map<string, number>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += part;
    const [, verb = "", name = ""] = (request.url ?? "").split("/");
    if (verb === "taken") return response.end(JSON.stringify(taken.get(name) ?? []));
    if (verb === "answer") {
      statuses.set(name, Number(body));
      return response.end();
    }
    const status = statuses.get(name) ?? 200;
    if (status < 300) taken.set(name, [...(taken.get(name) ?? []), String(request.headers["webhook-id"])]);
    return response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
