// The API's own reading of a question, for a site without goals.
import type { Query } from "../../workers/domain/query.ts";
import { normalize as read } from "../../workers/query/normalize.ts";

export function normalize(query: Query): ReturnType<typeof read> {
  return read(
    query,
    { now: Date.UTC(2026, 10, 21, 12), timeZone: "Europe/Berlin" },
    {
      goals: [{ id: "1", name: "a", kind: "event", match: "signup" }],
    },
  );
}

export function isRefusal(reading: ReturnType<typeof read>): boolean {
  return "errors" in reading;
}
