// The dimensions that a reader can filter by, with the words shown for them and for their empty value.

export interface DimensionText {
  label: string;
  /** Shown where the value is empty. */
  empty: string;
}

export const DIMENSIONS: Record<string, DimensionText> = {
  "event:page": { label: "Page", empty: "(no path)" },
  "visit:entry_page": { label: "Entry page", empty: "(none)" },
  "visit:exit_page": { label: "Exit page", empty: "(none)" },
  "event:hostname": { label: "Hostname", empty: "(none)" },
  "visit:source": { label: "Source", empty: "Direct / None" },
  "visit:channel": { label: "Channel", empty: "(none)" },
  "visit:referrer": { label: "Referrer", empty: "Direct / None" },
  "visit:utm_source": { label: "UTM source", empty: "(not set)" },
  "visit:utm_medium": { label: "UTM medium", empty: "(not set)" },
  "visit:utm_campaign": { label: "UTM campaign", empty: "(not set)" },
  "visit:utm_term": { label: "UTM term", empty: "(not set)" },
  "visit:utm_content": { label: "UTM content", empty: "(not set)" },
  "visit:country": { label: "Country", empty: "Unknown" },
  "visit:region": { label: "Region", empty: "Unknown" },
  "visit:city": { label: "City", empty: "Unknown" },
  "visit:device": { label: "Device", empty: "Unknown" },
  "visit:browser": { label: "Browser", empty: "Unknown" },
  "visit:browser_version": { label: "Browser version", empty: "Unknown" },
  "visit:os": { label: "Operating system", empty: "Unknown" },
  "visit:os_version": { label: "OS version", empty: "Unknown" },
  "event:goal": { label: "Goal", empty: "(none)" },
  "event:name": { label: "Event", empty: "(none)" },
};

export function dimensionLabel(dimension: string): string {
  return DIMENSIONS[dimension]?.label ?? dimension.replace(/^event:props:/, "");
}
