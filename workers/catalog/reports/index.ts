import type { ReportTemplate } from "../report-template.ts";
import { aiAgents } from "./ai-agents.ts";
import { dataQuality } from "./data-quality.ts";
import { executiveSummary } from "./executive-summary.ts";
import { marketplace } from "./marketplace.ts";
import { productHealth } from "./product-health.ts";
import { weeklySiteSummary } from "./weekly-site-summary.ts";

export const reports = {
  weekly_site_summary: weeklySiteSummary,
  executive_summary: executiveSummary,
  product_health: productHealth,
  ai_agents: aiAgents,
  data_quality: dataQuality,
  marketplace,
} satisfies Record<string, ReportTemplate>;

export type ReportTemplateName = keyof typeof reports;
