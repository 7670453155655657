// What is to be told of changes, and to whom.
import { type AlertMessage, type AlertRule, INCIDENT_STATES, type IncidentEntry } from "../domain/alert.ts";
import type { Site } from "../domain/site.ts";
import type { Change } from "./step.ts";

export interface NewNotice {
  id: string;
  channelId: string;
  message: Omit<AlertMessage, "link">;
}

/** What is told at all: states, and steps of escalation. */
const TOLD: ReadonlySet<IncidentEntry["kind"]> = new Set([...INCIDENT_STATES, "escalated", "ungrouped"]);

function recipients({ incident, entry, also }: Change, channels: readonly string[]): Set<string> {
  // Whom it would tell has been told of the other that it stands with.
  if (incident.group !== null || !TOLD.has(entry.kind)) return new Set();
  return new Set(entry.kind === "escalated" ? also : [...channels, ...also]);
}

/** One for each channel that is to be told. The same change makes the same notices. */
export function noticesOf(
  changes: readonly Change[],
  { rule, site }: { rule: Pick<AlertRule, "channels">; site: Pick<Site, "id" | "name"> },
): NewNotice[] {
  const { id: siteId, name } = site;
  return changes.flatMap((change) =>
    [...recipients(change, rule.channels)].map((channelId) => {
      const { entry } = change;
      // Who looks after it is told here alone.
      const incident = { ...change.incident, assignee: null };
      const key = `${incident.id}.${entry.key}.${channelId}`;
      const message = { key, kind: incident.state, site: { id: siteId, name }, incident, at: entry.at };
      return { id: key, channelId, message };
    }),
  );
}
