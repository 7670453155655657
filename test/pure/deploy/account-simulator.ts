// A Cloudflare account in memory, as strict as the real one about what must exist before what.

import type { Command, CommandResult, Run } from "../../../workers/local/deploy/command.ts";

export interface SimulatedAccount {
  signedIn: boolean;
  databases: Set<string>;
  migrated: boolean;
  worker: boolean;
  secrets: Map<string, string>;
  projects: Set<string>;
  deployments: number;
  /** Everything that was run, as typed. */
  log: string[];
}

export function anAccount(given: Partial<SimulatedAccount> = {}): SimulatedAccount {
  return {
    signedIn: true,
    databases: new Set(),
    migrated: false,
    worker: false,
    secrets: new Map(),
    projects: new Set(),
    deployments: 0,
    log: [],
    ...given,
  };
}

const ok = (stdout = "", urls: string[] = []): CommandResult => ({ code: 0, stdout, stderr: "", urls });
const refuse = (stderr: string): CommandResult => ({ code: 1, stdout: "", stderr, urls: [] });

export function runnerOf(account: SimulatedAccount): Run {
  return async (command, input) => {
    const typed = command.args.join(" ");
    account.log.push(typed);
    if (command.program === "node") return ok();
    if (!account.signedIn) return refuse("not authenticated");
    return answer(account, command, input);
  };
}

function answer(account: SimulatedAccount, { args, folder }: Command, input = ""): CommandResult {
  const named = (key: string, names: Iterable<string>) => JSON.stringify([...names].map((name) => ({ [key]: name })));
  const typed = args.join(" ");
  if (typed.startsWith("whoami")) return ok('{"loggedIn":true}');
  if (typed.startsWith("d1 list")) return ok(named("name", account.databases));
  if (typed.startsWith("pages project list")) return ok(named("Project Name", account.projects));
  if (typed.startsWith("secret list")) {
    return account.worker ? ok(named("name", account.secrets.keys())) : refuse('Worker "edgewise" not found.');
  }
  if (typed.startsWith("d1 create")) {
    const name = args[2] ?? "";
    if (account.databases.has(name)) return refuse("a database with that name already exists");
    account.databases.add(name);
    return ok();
  }
  if (typed.startsWith("d1 migrations apply")) {
    if (!account.databases.has(args[3] ?? "")) return refuse("couldn't find a D1 DB");
    account.migrated = true;
    return ok();
  }
  if (typed === "deploy") {
    if (!account.migrated) return refuse("the Worker would run without its tables");
    account.worker = true;
    return ok("", ["https://edgewise.team.workers.dev"]);
  }
  if (typed.startsWith("secret put")) {
    if (!account.worker) return refuse("Worker not found");
    account.secrets.set(args[2] ?? "", input);
    return ok();
  }
  return pages(account, typed, folder);
}

function pages(account: SimulatedAccount, typed: string, folder: string | undefined): CommandResult {
  const project = /^pages project create (\S+)/.exec(typed)?.[1];
  if (project) {
    if (account.projects.has(project)) return refuse("a project with this name already exists");
    account.projects.add(project);
    return ok();
  }
  if (!typed.startsWith("pages deploy")) return refuse(`unknown command ${typed}`);
  if (folder !== "dashboard") return refuse("no Functions here");
  if (!account.worker || account.projects.size === 0) return refuse("no such service or project");
  account.deployments++;
  return ok("", ["https://0a1b2c3d.edgewise-dashboard.pages.dev"]);
}
