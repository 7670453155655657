// Many sellers under one roof: what is looked at, ordered and given back, and what the house takes of it.
import type { PlanProperty } from "../../domain/tracking-plan.ts";
import { definePack } from "../pack.ts";
import {
  ACCOUNT_ENTRIES,
  event,
  FEEDBACK_ENTRIES,
  id,
  money,
  PAYMENT_ENTRIES,
  SEARCH_ENTRIES,
  text,
} from "../standard-entries.ts";

const listing = { listing_id: id, seller_id: id, category: text };
const order = {
  order_id: id,
  seller_id: id,
  amount: { ...money, required: true },
  commission: { ...money, description: "What the marketplace keeps of the amount." },
  currency: { type: "string", required: true, pattern: "[A-Z]{3}" },
} as const satisfies Record<string, PlanProperty>;
const items: PlanProperty = {
  type: "array<object>",
  properties: { listing_id: id, quantity: { type: "integer", min: 1 }, price: money },
};

export const marketplace = definePack({
  label: "Marketplace",
  about: "Many sellers under one roof: listings, orders with their commission, search, accounts and payments.",
  metrics: {},
  events: {
    listing_viewed: event("Listings", "A person sees one seller's offer.", {
      ...listing,
      price: money,
      currency: text,
    }),
    order_started: event("Orders", "A person begins to pay.", { order_id: id, seller_id: text, items }),
    order_completed: event("Orders", "An order of one seller is paid.", { ...order, items }),
    order_refunded: event("Orders", "Money of an order was given back.", order),
    ...SEARCH_ENTRIES,
    ...FEEDBACK_ENTRIES,
    ...ACCOUNT_ENTRIES,
    ...PAYMENT_ENTRIES,
  },
  alerts: [
    {
      name: "Fewer orders than usual",
      severity: "critical",
      conditions: [{ kind: "anomaly", metric: "events", by: "less" }],
      filters: [["is", "event:name", ["order_completed"]]],
    },
    {
      name: "Many refunds",
      conditions: [{ kind: "threshold", metric: "events", minutes: 60, value: 20 }],
      filters: [["is", "event:name", ["order_refunded"]]],
    },
  ],
  reports: ["marketplace"],
});
