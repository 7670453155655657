import { describe, expect, it } from "vitest";
import { beaconSchema } from "../../workers/domain/beacon.ts";
import { querySchema } from "../../workers/domain/query.ts";
import { shellCommands } from "./prose-rules.ts";
import { listProse } from "./source.ts";

interface Call {
  path: string;
  body: Record<string, unknown>;
}

/** The curl calls of all READMEs and guides, with their JSON bodies. */
const calls: Call[] = listProse()
  .flatMap(shellCommands)
  .filter((command) => command.startsWith("curl"))
  .map((command) => ({
    path: new URL(/https?:\/\/[^\s"']+/.exec(command)?.[0] ?? "").pathname,
    body: JSON.parse(/-d '([^']+)'/.exec(command)?.[1] ?? "{}"),
  }));

const to = (path: string): Call[] => calls.filter((call) => call.path === path);

describe("examples in the guides", () => {
  it("of events fit the schema", () => {
    const beacons = to("/api/event").flatMap(({ body: { events, ...shared } }) =>
      Array.isArray(events) ? events.map((event: object) => ({ ...shared, ...event })) : [shared],
    );
    expect(beacons.length).toBeGreaterThan(0);
    for (const beacon of beacons) expect(beaconSchema.safeParse(beacon).error).toBeUndefined();
  });

  it("of queries fit the schema", () => {
    expect(to("/api/v2/query").length).toBeGreaterThan(0);
    for (const { body } of to("/api/v2/query")) expect(querySchema.safeParse(body).error).toBeUndefined();
  });
});
