import { datadog } from "./datadog.ts";
import { newRelic } from "./new-relic.ts";
import { otlp } from "./otlp.ts";

/** Where metrics can be sent. */
export const targets = { otlp, datadog, "new-relic": newRelic } as const;
