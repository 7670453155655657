import type { AuditTrail } from "../durable-objects/audit-trail/object.ts";
import type { LiveSite } from "../durable-objects/live-site/object.ts";
import type { SignIn } from "../durable-objects/sign-in/object.ts";
import type { SiteShard } from "../durable-objects/site-shard/object.ts";

/** The bindings of wrangler.toml. Those marked optional may be left out; what needs them says so. */
export interface Env {
  DB: D1Database;
  SECRETS: KVNamespace;
  SITE_SHARD: DurableObjectNamespace<SiteShard>;
  LIVE_SITE: DurableObjectNamespace<LiveSite>;
  SIGN_IN: DurableObjectNamespace<SignIn>;
  AUDIT_TRAIL: DurableObjectNamespace<AuditTrail>;
  EVENTS?: AnalyticsEngineDataset;
  /** Where sealed days are archived. Absent, nothing is. */
  LAKE?: R2Bucket;
  ASSETS?: Fetcher;
  /** On one machine: what only the process outside knows, such as the room on its disk. */
  HOST?: Fetcher;
  /** Counts requests to the API by who asks. Absent, nobody asks too often. */
  API_LIMIT?: RateLimit;
  /** On one machine: the limit of API_LIMIT, counted by the Worker itself; `period` in seconds. */
  EDGEWISE_API_LIMIT?: { limit: number; period: number };
  /** Sends invitations and resets, from that address. Absent, their links are shown to those who make them. */
  EMAIL?: SendEmail;
  EDGEWISE_MAIL_FROM?: string;
  /** Instead of `EMAIL`: a key of Resend, or an SMTP server as `delivery/mail/smtp.ts` reads it. */
  EDGEWISE_RESEND_KEY?: string;
  EDGEWISE_SMTP_URL?: string;
  /** Cloudflare Access as a way to sign in: the team's domain, `name.cloudflareaccess.com`, and the application's audience tag. */
  EDGEWISE_ACCESS_DOMAIN?: string;
  EDGEWISE_ACCESS_AUDIENCE?: string;
  /** Requests of one address to one site, ahead of everything else; absent, only the sites' own limits hold. */
  COLLECT_SHIELD?: RateLimit;
  /** The owner's token: a secret in production, written by the local server on one machine. */
  ADMIN_TOKEN: string;
  /** Opens `/metrics` and nothing else, for Prometheus. Absent, the owner's token does. */
  EDGEWISE_METRICS_TOKEN?: string;
  /** The account and a token that may read its analytics: what Analytics Engine is asked with, by HTTP. */
  EDGEWISE_ACCOUNT_ID?: string;
  EDGEWISE_ANALYTICS_TOKEN?: string;
  /** The Worker's own address, where the dashboard is a Pages project: snippets name it, so that beacons are billed once. */
  EDGEWISE_COLLECT_ORIGIN?: string;
  /** "free" on Cloudflare's free plan: one shard a site. */
  EDGEWISE_PLAN?: string;
  /** "1" when served by the local server, whose socket knows neither place nor address. */
  EDGEWISE_LOCAL?: string;
  /** "1" lets channels of alerts lie in the deployment's own network. */
  EDGEWISE_PRIVATE_CHANNELS?: string;
  /** "1" behind a proxy that sets X-Forwarded-For itself. */
  EDGEWISE_TRUST_PROXY?: string;
}
