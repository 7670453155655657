// Carries out a plan, one step after the other, and stops at the first that fails.

import { inspectAccount, lastWords, PROBES } from "./account.ts";
import { type Run, shellLine } from "./command.ts";
import { planDeploy, STEPS, type Step } from "./plan.ts";
import type { Origins, Verdict } from "./verify.ts";

export interface DeployDeps {
  run: Run;
  print: (line: string) => void;
  /** A fresh secret that nobody can guess: it is the owner's key. */
  makeToken: () => string;
  /** Sees whether an event that goes in at the Worker comes out at the dashboard; `token` is null when it is not known. */
  verify: (origins: Origins, token: string | null) => Promise<Verdict>;
}

export interface DeployOptions {
  newToken?: boolean;
  /** The owner's token of an earlier deployment, for the check at the end. */
  knownToken?: string | undefined;
}

/** Exit code: 0 when everything stands and answers. */
export async function deploy(deps: DeployDeps, options: DeployOptions = {}): Promise<number> {
  const { run, print } = deps;
  const inspection = await inspectAccount(run);
  if (!inspection.ok) return fail(print, inspection.detail, inspection.remedy);
  const steps = planDeploy(inspection.account, { newToken: options.newToken ?? false });
  const done = await carryOut(steps, deps);
  if (!done.ok) return fail(print, done.detail, done.remedy);
  const { worker, dashboard } = done;
  if (!worker || !dashboard) {
    return fail(
      print,
      "deployed, but wrangler named no address",
      "look the addresses up with npx wrangler deployments list",
    );
  }
  print("checking both addresses; a new one can take a few minutes to answer");
  const verdict = await deps.verify({ worker, dashboard }, done.token ?? options.knownToken ?? null);
  if (!verdict.ok) return fail(print, `deployed, but ${verdict.detail}`, verdict.remedy);
  for (const line of [verdict.detail, `dashboard  ${dashboard}`, `collect    ${worker}`]) print(line);
  return 0;
}

interface Deployed {
  ok: true;
  worker?: string | undefined;
  dashboard?: string | undefined;
  /** Set when this run made it. */
  token?: string;
}

async function carryOut(
  steps: readonly Step[],
  { run, print, makeToken }: DeployDeps,
): Promise<Deployed | { ok: false; detail: string; remedy: string }> {
  const deployed: Deployed = { ok: true };
  for (const [i, { id, title, command, remedy }] of steps.entries()) {
    print(`${i + 1}/${steps.length} ${title}`);
    const token = command.input === "token" ? makeToken() : undefined;
    const result = await run(command, token ?? (command.input === "address" ? deployed.worker : undefined));
    if (result.code !== 0) {
      return { ok: false, detail: `could not ${title}\n${shellLine(command)}\n${lastWords(result)}`, remedy };
    }
    if (id === "worker") [deployed.worker] = result.urls;
    if (id === "dashboard") deployed.dashboard = productionUrl(result.urls[0]);
    if (token !== undefined) {
      deployed.token = token;
      print(`    ${token}\n    This is the owner's token, shown this once: keep it, you sign in with it.`);
    }
  }
  return deployed;
}

/** Pages names a deployment `https://<hash>.<project>.pages.dev`; the project itself answers without the hash. */
function productionUrl(url: string | undefined): string | undefined {
  return url?.replace(/^https:\/\/[0-9a-f]+\.(?=[\w-]+\.pages\.dev)/, "https://");
}

/** Prints every command that a deployment may run, in order, and runs none. */
export function printPlan(print: (line: string) => void): void {
  print("Reads what the account has:");
  for (const probe of Object.values(PROBES)) print(`  ${shellLine(probe)}`);
  for (const [i, { title, command, unless }] of STEPS.entries()) {
    print(`${i + 1}. ${title}${unless ? ` (unless ${unless.text})` : ""}`);
    print(`  ${shellLine(command)}`);
  }
  print(`${STEPS.length + 1}. send a test event to the Worker and ask for it through the dashboard's address`);
}

function fail(print: (line: string) => void, detail: string, remedy: string): number {
  print(`error: ${detail}`);
  print(`remedy: ${remedy}`);
  return 1;
}
