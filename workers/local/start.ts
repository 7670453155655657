// npm start: serves until SIGTERM or Ctrl-C. `--json` prints one line of JSON when ready.
import { parseArgs } from "node:util";
import { type Server, startServer } from "./server.ts";

interface Announced extends Pick<Server, "url" | "adminToken"> {
  siteId: string | null;
}

/** How to get in, for people. */
export function announce({ url, adminToken }: Announced): void {
  console.log(`ready ${url}`);
  console.log(`sign in: ${url}/#token=${adminToken}`);
}

async function firstSite({ url, adminToken }: Server): Promise<string | null> {
  const response = await fetch(`${url}/api/v1/sites`, { headers: { authorization: `Bearer ${adminToken}` } });
  const { sites } = (await response.json()) as { sites: { id: string }[] }; // our own API
  return sites[0]?.id ?? null;
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
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  try {
    const server = await startServer();
    stopOnSignal(server.stop);
    const { url, adminToken } = server;
    const siteId = await firstSite(server);
    if (values.json) console.log(JSON.stringify({ url, siteId, adminToken }));
    else announce({ url, siteId, adminToken });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
