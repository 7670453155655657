import type { ReportTemplate } from "../report-template.ts";
import { aiAgents } from "./ai-agents.ts";
import { executiveSummary } from "./executive-summary.ts";
import { marketplace } from "./marketplace.ts";
import { productHealth } from "./product-health.ts";
import { qualityOfEvents } from "./quality-of-events.ts";
import { weeklySiteSummary } from "./weekly-site-summary.ts";

export const reports = {
  weekly_site_summary: weeklySiteSummary,
  executive_summary: executiveSummary,
  product_health: productHealth,
  ai_agents: aiAgents,
  quality_of_events: qualityOfEvents,
  marketplace,
} satisfies Record<string, ReportTemplate>;

export type ReportTemplateName = keyof typeof reports;
