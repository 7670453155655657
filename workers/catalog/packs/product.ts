// Software that people sign in to: what they use, look for and pay for.
import { definePack } from "../pack.ts";
import {
  ACCOUNT_ENTRIES,
  FEATURE_ENTRIES,
  FEEDBACK_ENTRIES,
  PAYMENT_ENTRIES,
  SEARCH_ENTRIES,
  SYSTEM_ENTRIES,
} from "../standard-entries.ts";

export const product = definePack({
  label: "Product",
  about: "Software that people sign in to: features, search, accounts, payments, and its API.",
  metrics: {},
  events: {
    ...FEATURE_ENTRIES,
    ...SEARCH_ENTRIES,
    ...FEEDBACK_ENTRIES,
    ...ACCOUNT_ENTRIES,
    ...PAYMENT_ENTRIES,
    ...SYSTEM_ENTRIES,
  },
  alerts: [
    {
      name: "Payments fail",
      severity: "critical",
      conditions: [{ kind: "threshold", metric: "events", minutes: 60, value: 5 }],
      filters: [["is", "event:name", ["payment_failed"]]],
    },
    {
      name: "Fewer people sign in than usual",
      conditions: [{ kind: "anomaly", metric: "events", by: "less" }],
      filters: [["is", "event:name", ["user_logged_in"]]],
    },
  ],
  reports: ["product_health"],
});
