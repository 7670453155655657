import type { SourceKind } from "./known/index.ts";

// The default channel grouping of Google Analytics 4, in its order, with AI assistants as a channel of their own.

export const CHANNELS = [
  "Cross-network",
  "Paid Shopping",
  "Paid Search",
  "Paid Social",
  "Paid Video",
  "Display",
  "Paid Other",
  "Organic Shopping",
  "Organic Social",
  "Organic Video",
  "Organic Search",
  "AI Assistants",
  "Email",
  "Affiliates",
  "Audio",
  "SMS",
  "Mobile Push",
  "Referral",
  "Direct",
] as const;

export type Channel = (typeof CHANNELS)[number];

export interface Origin {
  kind: SourceKind | "";
  /** Whether anything is known of where the visit came from. */
  known: boolean;
  /** `utm_source` and its like, as written. */
  tag: string;
  medium: string;
  campaign: string;
  /** An advertisement's click id was on the link. */
  paidClick: boolean;
}

const PAID = /^(?:.*cp.*|ppc|retargeting|paid.*)$/;
const SHOPPING_CAMPAIGN = /(?:^|[^a-df-z])shop|shopping/;
const DISPLAY = new Set(["display", "banner", "expandable", "interstitial", "cpm"]);
const SOCIAL = new Set(["social", "social-network", "social-media", "sm", "social network", "social media"]);
const EMAIL = new Set(["email", "e-mail", "e_mail", "e mail", "newsletter"]);
const AI = new Set(["ai", "ai-assistant", "ai_assistant", "llm", "chatbot"]);
const PUSH = /push$|mobile|notification/;

/** The channel of a visit. */
export function channelOf(origin: Origin): Channel {
  const tagged = { ...origin, medium: origin.medium.toLowerCase(), campaign: origin.campaign.toLowerCase() };
  if (tagged.campaign.includes("cross-network")) return "Cross-network";
  return paidChannel(tagged) ?? organicChannel(tagged);
}

function paidChannel({ kind, medium, campaign, paidClick }: Origin): Channel | undefined {
  const display = kind === "display" || DISPLAY.has(medium);
  const paid = paidClick || kind === "paid_search" || PAID.test(medium);
  if (!paid) return display ? "Display" : undefined;
  if (kind === "shopping" || SHOPPING_CAMPAIGN.test(campaign)) return "Paid Shopping";
  if (kind === "search" || kind === "paid_search") return "Paid Search";
  if (kind === "social") return "Paid Social";
  if (kind === "video") return "Paid Video";
  return display ? "Display" : "Paid Other";
}

function organicChannel({ kind, known, tag, medium, campaign }: Origin): Channel {
  const source = tag.toLowerCase();
  if (kind === "shopping" || SHOPPING_CAMPAIGN.test(campaign)) return "Organic Shopping";
  if (kind === "social" || SOCIAL.has(medium)) return "Organic Social";
  if (kind === "video" || medium.includes("video")) return "Organic Video";
  if (EMAIL.has(medium) || EMAIL.has(source)) return "Email";
  if (kind === "search" || medium === "organic") return "Organic Search";
  if (kind === "ai" || AI.has(medium)) return "AI Assistants";
  if (kind === "email") return "Email";
  if (medium === "affiliate" || medium === "affiliates") return "Affiliates";
  if (medium === "audio") return "Audio";
  if (medium === "sms" || source === "sms") return "SMS";
  if (PUSH.test(medium) || source === "firebase") return "Mobile Push";
  return known || medium !== "" ? "Referral" : "Direct";
}
