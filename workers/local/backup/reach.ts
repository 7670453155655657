// The deployment to back up or to fill: one named by its address, the server that runs on this machine, or its state folder,
// for which a server is started meanwhile.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../build.ts";
import { UsageError } from "../replay/usage-error.ts";
import { startServer } from "../server.ts";
import { type Door, openDoor } from "./door.ts";

export interface Reached {
  door: Door;
  url: string;
  end(): Promise<void>;
}

interface Environment {
  EDGEWISE_TOKEN?: string;
  EDGEWISE_DATA?: string;
  PORT?: string;
}

async function isOurs(url: string, token: string): Promise<boolean> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/api/v1/backups?limit=1`, { headers, signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

const nothingToEnd = () => Promise.resolve();

export async function reach(asked: string | undefined, env: Environment): Promise<Reached> {
  const dataDir = resolve(env.EDGEWISE_DATA ?? join(root, ".edgewise"));
  const file = join(dataDir, "admin-token");
  const token = env.EDGEWISE_TOKEN ?? (existsSync(file) ? readFileSync(file, "utf8").trim() : "");
  if (asked !== undefined) {
    if (token === "") throw new UsageError("set EDGEWISE_TOKEN to the owner's token of that deployment");
    const url = asked.replace(/\/+$/, "");
    return { door: openDoor(url, token), url, end: nothingToEnd };
  }
  const here = `http://127.0.0.1:${env.PORT || 8787}`;
  if (token !== "" && (await isOurs(here, token))) return { door: openDoor(here, token), url: here, end: nothingToEnd };
  const server = await startServer({ dataDir, port: 0, host: "127.0.0.1" }).catch((error: unknown) => {
    throw new UsageError(`${error instanceof Error ? error.message : error}; or name the running one by --url`);
  });
  return { door: openDoor(server.url, server.adminToken), url: server.url, end: server.stop };
}
