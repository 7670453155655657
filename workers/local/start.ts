// npm start: serves until SIGTERM or Ctrl-C. `--json` prints one line of JSON when ready.
import { parseArgs } from "node:util";
import { type Server, startServer } from "./server.ts";

/** How to get in, for people. */
export function announce({ url, adminToken }: Pick<Server, "url" | "adminToken">): void {
  console.log(`ready ${url}`);
  console.log(`sign in: ${url}/#token=${adminToken}`);
}

/** The first site; scripts that ask for JSON get one made, people are led to make their own. */
async function firstSite({ url, adminToken }: Server, makeOne: boolean): Promise<string | null> {
  const headers = { authorization: `Bearer ${adminToken}`, "content-type": "application/json" };
  const response = await fetch(`${url}/api/v1/sites`, { headers });
  const { sites } = (await response.json()) as { sites: { id: string }[] }; // our own API
  if (sites[0] || !makeOne) return sites[0]?.id ?? null;
  const body = JSON.stringify({ id: "my-site", name: "My site" });
  await fetch(`${url}/api/v1/sites`, { method: "POST", headers, body });
  return "my-site";
}

/** Stops the server on SIGTERM and SIGINT, once. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
    const server = await startServer();
    stopOnSignal(server.stop);
    const { url, adminToken } = server;
    const siteId = await firstSite(server, values.json);
    if (values.json) console.log(JSON.stringify({ url, siteId, adminToken }));
    else announce(server);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
