import { join } from "node:path";
import type { Event } from "../../workers/domain/event.ts";
import { openText } from "../../workers/local/replay/open-text.ts";
import { anEvent } from "./events.ts";
import { fixturesDir, readFixture } from "./fixtures.ts";

interface OttoSession {
  session: number;
  events: { ts: number; type: string }[];
}

/** Shop sessions of the OTTO sample, each as one visitor. */
export function ottoEvents(): Event[] {
  const lines = readFixture("ecommerce/otto_sessions_sample.jsonl").toString("utf8").trim().split("\n");
  return lines.flatMap((line) => {
    const { session, events }: OttoSession = JSON.parse(line);
    return events.map(({ ts, type }) => anEvent({ name: type, at: ts, visitorId: String(session) }));
  });
}

/** CDNOW purchases, each customer a visitor with a lasting id; dates are days of UTC. */
export async function cdnowEvents(): Promise<Event[]> {
  const { text } = await openText(join(fixturesDir ?? "", "ecommerce/cdnow_master.csv.xz"));
  let lines = "";
  for await (const part of text) lines += part;
  return lines
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [customer, date, , dollars] = line.split(",");
      const revenue = { amount: Number(dollars), currency: "USD" };
      const at = Date.parse(`${date}T12:00:00Z`);
      return anEvent({ name: "purchase", at, visitorId: customer!, persistentId: customer!, revenue });
    });
}
