// Sites: what the script sends beside page views, and how quick and sound the pages are.
import { definePack } from "../pack.ts";
import { event, SEARCH_ENTRIES, SYSTEM_ENTRIES } from "../standard-entries.ts";

const { error_occurred } = SYSTEM_ENTRIES;
const target = {
  url: { type: "string", required: true, description: "Host and path, without the query." },
} as const;

export const web = definePack({
  label: "Web",
  about: "Sites: links and downloads as the script sends them, search, errors, and how quick pages are.",
  metrics: {},
  events: {
    outbound_link_clicked: event("Links", "A link to another host is opened.", target),
    file_downloaded: event("Links", "A link to a file is opened.", target),
    ...SEARCH_ENTRIES,
    web_vital: event("System", "A page has measured one of its Web Vitals.", {
      name: { type: "string", required: true, values: ["CLS", "FCP", "INP", "LCP", "TTFB"] },
      value: { type: "number", required: true, min: 0, description: "Milliseconds; of CLS the score." },
    }),
    error_occurred: error_occurred!,
  },
  alerts: [
    {
      name: "Many errors on pages",
      conditions: [{ kind: "threshold", metric: "events", minutes: 60, value: 50 }],
      filters: [["is", "event:name", ["error_occurred"]]],
    },
  ],
  reports: ["weekly_site_summary", "executive_summary"],
});
