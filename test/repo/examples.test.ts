import { describe, expect, it } from "vitest";
import { beaconSchema } from "../../workers/domain/beacon.ts";
import { questionSchema } from "../../workers/domain/question.ts";
import { readUserAgent } from "../../workers/ingest/user-agent/read-user-agent.ts";
import { type CurlCall, curlCalls } from "./prose-rules.ts";
import { listProse } from "./source.ts";

const calls = listProse().flatMap((source) => curlCalls(source));
const to = (path: string): CurlCall[] => calls.filter(({ url }) => url.pathname === path);

describe("examples in the guides", () => {
  it("of events fit the schema", () => {
    const beacons = to("/api/event").flatMap(({ body }) => {
      const { events, ...shared }: { events?: object[] } = JSON.parse(body);
      return events ? events.map((event) => ({ ...shared, ...event })) : [shared];
    });
    expect(beacons.length).toBeGreaterThan(0);
    for (const beacon of beacons) expect(beaconSchema.safeParse(beacon).error).toBeUndefined();
  });

  it("of events pass the filter for bots, as curl's own user agent does not", () => {
    for (const { headers } of to("/api/event")) expect(readUserAgent(headers["user-agent"] ?? "").bot).toBeFalsy();
  });

  it("of queries fit the schema", () => {
    expect(to("/api/v2/query").length).toBeGreaterThan(0);
    for (const { body } of to("/api/v2/query"))
      expect(questionSchema.safeParse(JSON.parse(body)).error).toBeUndefined();
  });
});
