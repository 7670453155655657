// Documents and files: stored, opened, checked, read by machines, searched.
import { definePack } from "../pack.ts";
import { DOCUMENT_ENTRIES, FEEDBACK_ENTRIES, SEARCH_ENTRIES } from "../standard-entries.ts";

export const content = definePack({
  label: "Content",
  about: "Documents and files: stored, opened, checked, read by machines, searched.",
  metrics: {},
  events: { ...DOCUMENT_ENTRIES, ...SEARCH_ENTRIES, ...FEEDBACK_ENTRIES },
  alerts: [
    {
      name: "Many files cannot be read",
      conditions: [{ kind: "threshold", metric: "events", minutes: 60, value: 10 }],
      filters: [["is", "event:name", ["extraction_failed"]]],
    },
  ],
  reports: ["quality_of_events"],
});
