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
});
