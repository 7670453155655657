// What a deployment consists of, in order, and what of it an account still lacks. Decides only; execute.ts acts.
// Each step may be repeated: those that would make a thing twice are left out once it exists.

import type { Command } from "./command.ts";

/** The names that wrangler.toml and dashboard/wrangler.toml give. */
export const NAMES = {
  worker: "edgewise",
  database: "edgewise",
  project: "edgewise-dashboard",
  secret: "ADMIN_TOKEN",
  /** Kept as a secret because plain variables end with the next deployment. */
  address: "EDGEWISE_COLLECT_ORIGIN",
} as const;

/** What is there already. */
export interface Account {
  databases: readonly string[];
  /** Names of the Worker's secrets; none when there is no Worker yet. */
  secrets: readonly string[];
  projects: readonly string[];
}

export interface Step {
  id: "build" | "database" | "migrations" | "worker" | "token" | "address" | "project" | "dashboard";
  title: string;
  command: Command;
  /** When the step is left out. */
  unless?: { text: string; holds: (account: Account) => boolean };
  /** What to do when it fails. */
  remedy: string;
}

const wrangler = (...args: string[]): Command => ({ program: "wrangler", args });

export const STEPS: readonly Step[] = [
  {
    id: "build",
    title: "build the tracker and the dashboard",
    command: { program: "node", args: ["workers/local/build.ts"] },
    remedy: "run npm ci, then npm run build, and mend what it reports",
  },
  {
    id: "database",
    title: "create the database",
    command: wrangler("d1", "create", NAMES.database),
    unless: {
      text: `a D1 database ${NAMES.database} exists`,
      holds: ({ databases }) => databases.includes(NAMES.database),
    },
    remedy: "see that the account may create D1 databases",
  },
  {
    id: "migrations",
    title: "bring the database's tables up to date",
    command: wrangler("d1", "migrations", "apply", NAMES.database, "--remote"),
    remedy: "a failed migration was rolled back: run npm run deploy again",
  },
  {
    id: "worker",
    title: "deploy the Worker (its KV namespace and R2 bucket are created with it)",
    command: wrangler("deploy"),
    remedy:
      "an account's first Worker needs a workers.dev subdomain (Cloudflare dashboard, Workers & Pages); where a KV namespace edgewise-secrets is left from an earlier Worker, write its id into wrangler.toml; without R2 in the account, switch it on (Cloudflare dashboard, R2) or take [[r2_buckets]] out of wrangler.toml",
  },
  {
    id: "token",
    title: "set the owner's token",
    command: { ...wrangler("secret", "put", NAMES.secret), input: "token" },
    unless: {
      text: `the Worker has a secret ${NAMES.secret}, and --new-token is not given`,
      holds: ({ secrets }) => secrets.includes(NAMES.secret),
    },
    remedy: "run npm run deploy again: it sets the token where it is missing",
  },
  {
    id: "address",
    title: "tell the Worker its address, which snippets name",
    command: { ...wrangler("secret", "put", NAMES.address), input: "address" },
    remedy: "run npm run deploy again: finished steps are not repeated",
  },
  {
    id: "project",
    title: "create the Pages project",
    command: wrangler("pages", "project", "create", NAMES.project, "--production-branch", "main"),
    unless: {
      text: `a Pages project ${NAMES.project} exists`,
      holds: ({ projects }) => projects.includes(NAMES.project),
    },
    remedy: "see that the account may create Pages projects",
  },
  {
    id: "dashboard",
    title: "deploy the dashboard and the Function that forwards /api to the Worker",
    command: { ...wrangler("pages", "deploy", "--branch", "main", "--commit-dirty=true"), folder: "dashboard" },
    remedy: "run npm run deploy again: finished steps are not repeated",
  },
];

/** The steps that this account needs, in order. `newToken` replaces a token that is set. */
export function planDeploy(account: Account, { newToken = false }: { newToken?: boolean } = {}): Step[] {
  return STEPS.filter(({ id, unless }) => (id === "token" && newToken) || !unless?.holds(account));
}
