import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Cron } from "croner";
import type { Miniflare } from "miniflare";
import { root } from "./build.ts";

/** The crons of wrangler.toml. */
function crons(): string[] {
  const line = /^crons = (\[.*\])$/m.exec(readFileSync(join(root, "wrangler.toml"), "utf8"))?.[1] ?? "[]";
  return JSON.parse(line) as string[]; // TOML lists of plain strings are JSON
}

/** Rings the Worker's crons as Cloudflare would, and each once at the start, to make up for the time it was off. */
export async function startCron(miniflare: Miniflare): Promise<{ stop(): void }> {
  const ring = async (cron: string) => {
    const worker = await miniflare.getWorker("edgewise");
    await worker.scheduled({ cron, scheduledTime: new Date() });
  };
  const clocks: Cron[] = [];
  for (const cron of crons()) {
    await ring(cron);
    clocks.push(
      new Cron(cron, { timezone: "UTC", catch: (error) => console.error(`cron ${cron} failed`, error) }, () =>
        ring(cron),
      ),
    );
  }
  return {
    stop() {
      for (const clock of clocks) clock.stop();
    },
  };
}
