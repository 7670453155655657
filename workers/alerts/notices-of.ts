// What is to be told of changes, and to whom.
import type { AlertMessage, AlertRule } from "../domain/alert.ts";
import type { Site } from "../domain/site.ts";
import type { Change } from "./step.ts";

export interface NewNotice {
  id: string;
  channelId: string;
  message: Omit<AlertMessage, "link">;
}

/** One for each channel of the rule. The same change makes the same notices. */
export function noticesOf(
  changes: readonly Change[],
  { rule, site }: { rule: Pick<AlertRule, "channels">; site: Pick<Site, "id" | "name"> },
): NewNotice[] {
  return changes.flatMap(({ incident, entry }) =>
    [...new Set(rule.channels)].map((channelId) => {
      const id = `${incident.id}.${entry.key}.${channelId}`;
      const { id: siteId, name } = site;
      return {
        id,
        channelId,
        message: { key: id, kind: incident.state, site: { id: siteId, name }, incident, at: entry.at },
      };
    }),
  );
}
