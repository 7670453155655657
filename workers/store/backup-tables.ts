// What of D1 a backup holds. Each table has its line, so that a new one is decided upon.

interface Kept {
  /** Columns that are emptied: what opens something. */
  without?: readonly string[];
  /** Rows that are worth keeping, as SQL over the table `t`. */
  where?: string;
  /** What a column becomes where it is brought back, as SQL over the row's own value `v`. */
  becomes?: Readonly<Record<string, string>>;
}

type LeftOut = string;

/** Only the epoch whose roll-ups say all of the site: the restored one is the first again. */
const OF_ROLLED_EPOCH = `exists (select 1 from sites s left join epochs e
  on e.site_id = s.id and e.epoch = s.epoch and e.rolled_at is not null
  where s.id = t.site_id and s.next_shards is null
  and t.epoch = coalesce(e.roll_epoch, e.epoch, case s.epoch when 1 then 1 end))`;

/** In the order in which they are brought back. Sites come last: until then no beacon is taken for them. */
export const BACKUP_TABLES: Readonly<Record<string, Kept | LeftOut>> = {
  teams: {},
  people: {},
  members: {},
  sign_in_methods: { without: ["access_token", "refresh_token", "id_token"] },
  passkeys: {},
  api_keys: {},
  shares: {},
  goals: {},
  segments: {},
  kpis: {},
  // Judged from then on: what was before is not told again.
  alert_rules: { becomes: { state: "null" } },
  alert_channels: {},
  // Sealed by the owner's token, as the channels are that it is for.
  push_keys: {},
  // What was added while it was away is not told.
  metric_targets: { becomes: { sent: "'{}'" } },
  incidents: {},
  incident_entries: {},
  heart_sheets: {},
  resources: {},
  comments: {},
  board_layouts: {},
  custom_metrics: {},
  // What fell due while it was away goes out, the latest of each.
  report_schedules: { becomes: { leased_until: "0" } },
  report_deliveries: { where: "t.state <> 'due'" },
  report_unsubscribed: {},
  rates: {},
  imports: {},
  histories: {},
  history_days: {},
  tracking_plans: {},
  quality_days: {},
  quality_findings: {},
  withdrawals: {},
  // An epoch that knows of an open request is not there where it is brought back: such a request begins anew.
  erasures: {
    becomes: {
      known_to: "null",
      archived: "null",
      driven_until: "0",
      removed: "iif(value->>'$.state' = 'done', v, '[]')",
    },
  },
  erasure_ids: {},
  retention_runs: {},
  api_usage: {},
  destroyed_secrets: {},
  backups: {},
  rollups: { where: OF_ROLLED_EPOCH, becomes: { epoch: "1" } },
  // Each time further below: the shards of the restored epoch count anew, and beside these.
  drops: { becomes: { epoch: "v - 1000" } },
  pii_found: { becomes: { epoch: "v - 1000" } },
  violations: { becomes: { epoch: "v - 1000" } },
  quarantined: { becomes: { epoch: "v - 1000" } },
  sites: { becomes: { epoch: "1", next_shards: "null" } },
  drop_samples: "samples of a month, of what was refused; the counts are in drops",
  canary_hours: "how this deployment does",
  audit: "sealed by a key of the deployment that it tells of: export it as a file",
  archive_days: "the bucket's manifests say the same, and are read where it is bound",
  archive_turns: "who is at a site's archive, for some seconds",
  sign_ins: "sessions: people sign in again",
  verifications: "one-time links and what signing in is about to check",
  invitations: "one-time links: invite again",
  replies: "repeated requests of a day, which tell secrets once",
  secret_claims: "who makes a secret; the secrets are not in a backup",
  raw_events: "a copy of the last three days of what the shards hold",
  raw_shelter: "where raw events are for a moment while an erasure moves them",
  filler: "zeros that an erasure writes over free pages",
  epochs: "a restored site begins with its first",
  epoch_shards: "likewise",
  quality_looks: "checks begin again with the day before",
  roll_checks: "roll-ups are checked anew",
  alert_runs: "rules are judged from when they are there again",
  notices: "what was told, or would be told late",
  restores: "what was brought back here",
  measures: "what this deployment measured of itself",
  job_runs: "likewise",
  system_incidents: "likewise",
};

export function keptTable(name: string): Kept | null {
  const found = BACKUP_TABLES[name];
  return found === undefined || typeof found === "string" ? null : found;
}

export const KEPT_TABLES: readonly string[] = Object.keys(BACKUP_TABLES).filter((name) => keptTable(name) !== null);
