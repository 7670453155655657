// The reference data as the product stores events, and as its import door takes them.

import type { PackedEvent } from "../../workers/domain/event.ts";
import type { Reference, ReferenceRows } from "./events.ts";
import { HOSTNAME, NAMES, SOURCES, VALUES } from "./values.ts";

const LANGUAGES = ["en", "de", "en", "fr", "hi", "pt", "ja", "nl"] as const;
const TITLES = VALUES.path.list.map((path) => `The page ${path}`);

/** Everybody consented to be recognised: visitor ids last over the 30 days. */
export function packedEvents(reference: Reference, rows: ReferenceRows): PackedEvent[] {
  const events: PackedEvent[] = [];
  let visit = -1;
  let own = reference.traits(0);
  let id = "";
  for (let row = 0; row < rows.length; row++) {
    if (rows.visit[row] !== visit) {
      visit = rows.visit[row]!;
      own = reference.traits(rows.visitor[row]!);
      id = reference.visitorId(rows.visitor[row]!);
    }
    const at = rows.at[row]!;
    const path = rows.path[row]!;
    const { source, channel } = SOURCES[own.referrer]!;
    const value = rows.value[row]!;
    events.push([
      "", // its id: repeats are recognised for two days only
      NAMES[rows.name[row]!]!,
      at,
      at,
      id,
      "", // user
      id,
      HOSTNAME,
      VALUES.path.list[path]!,
      TITLES[path]!,
      VALUES.referrer.list[own.referrer]!,
      source,
      channel,
      "", // utm: source, medium, campaign, term, content
      "",
      "",
      "",
      "",
      VALUES.country.list[own.country]!,
      "", // region, city
      "",
      VALUES.browser.list[own.browser]!,
      "", // its version
      VALUES.os.list[own.os]!,
      "", // its version
      VALUES.device.list[own.device]!,
      LANGUAGES[own.country]!,
      0,
      0,
      null,
      value === 0 ? null : { value },
      null,
      "",
    ]);
  }
  return events;
}
