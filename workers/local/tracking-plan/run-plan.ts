// One command of `edgewise plan`, from options to exit code.

import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { changeText, type PlanChange } from "../../domain/plan-diff.ts";
import { planTypes } from "../../domain/plan-types.ts";
import type { PlanVersion, TrackingPlan } from "../../domain/tracking-plan.ts";
import { type Api, connectApi } from "../replay/api.ts";
import { readKey } from "../replay/prepare.ts";
import type { PlanOptions } from "./options.ts";
import { planText, readPlanFile } from "./plan-file.ts";

const PATIENCE_MS = 20_000;
/** Something is left for a person to look at. */
const NOT_CLEAR = 3;

export interface PlanIo {
  input: Readable & { isTTY?: boolean };
  output: Writable;
  complaints: Writable;
}

interface Checked {
  version: number;
  breaking: number;
  changes: PlanChange[];
  hints: { name: string; rule: string; message: string }[];
}

interface Run extends PlanIo {
  options: PlanOptions;
  api: Api;
}

const pathOf = ({ site }: PlanOptions, rest = ""): string =>
  `/api/v1/sites/${encodeURIComponent(site)}/tracking-plan${rest}`;

/** What the server of the same version answers at that address. */
async function fetched<Reply>({ api, options }: Run, rest: string, plan?: TrackingPlan): Promise<Reply> {
  const request = plan ? ({ method: "POST", body: JSON.stringify(plan) } as const) : ({ method: "GET" } as const);
  return (await api.expect({ ...request, path: pathOf(options, rest) })) as Reply; // its replies have a schema of their own
}

const sayHints = ({ complaints }: Run, { hints }: Checked): void => {
  for (const { name, message } of hints) complaints.write(`  ${name}: ${message}\n`);
};

async function check(run: Run, plan: TrackingPlan): Promise<Checked> {
  const checked = await fetched<Checked>(run, "/check", plan);
  for (const change of checked.changes) run.output.write(`${changeText(change)}\n`);
  if (checked.changes.length === 0) run.output.write(`no changes from version ${checked.version}\n`);
  return checked;
}

async function agrees({ input, output, options }: Run): Promise<boolean> {
  if (options.yes) return true;
  if (!input.isTTY) return false;
  const lines = createInterface({ input, output });
  const answer = await lines.question("push it? [y/N] ");
  lines.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

async function push(run: Run, plan: TrackingPlan): Promise<number> {
  const { options, api, output, complaints } = run;
  const checked = await check(run, plan);
  if (checked.changes.length === 0) return 0;
  sayHints(run, checked);
  if (checked.breaking > 0 && !options.breaking) {
    complaints.write(`not pushed: ${checked.breaking} breaking; with --breaking it is pushed nevertheless\n`);
    return NOT_CLEAR;
  }
  if (!(await agrees(run))) {
    complaints.write("not pushed; with --yes it is pushed without asking\n");
    return NOT_CLEAR;
  }
  // Of the version that was shown: whoever pushes meanwhile is not overwritten.
  const headers = { "if-match": `"${checked.version}"` };
  const pushed = await api.expect({ method: "PUT", path: pathOf(options), body: JSON.stringify(plan), headers });
  output.write(`pushed as version ${(pushed as PlanVersion).version}\n`); // as its schema says
  return 0;
}

async function give(run: Run, text: string, file: string): Promise<number> {
  if (file === "") run.output.write(text);
  else await writeFile(file, text);
  return 0;
}

async function types(run: Run): Promise<number> {
  const { file, site, out } = run.options;
  if (file !== "") return give(run, planTypes(await readPlanFile(file), file), out);
  const { version, plan } = await fetched<PlanVersion>(run, "");
  return give(run, planTypes(plan, `version ${version} of the tracking plan of ${site}`), out);
}

async function byCommand(run: Run): Promise<number> {
  const { command, file, days } = run.options;
  switch (command) {
    case "push":
      return push(run, await readPlanFile(file));
    case "diff":
      return (await check(run, await readPlanFile(file))).changes.length > 0 ? NOT_CLEAR : 0;
    case "lint": {
      const checked = await fetched<Checked>(run, "/check", await readPlanFile(file));
      sayHints(run, checked);
      return checked.hints.length > 0 ? NOT_CLEAR : 0;
    }
    case "pull":
      return give(run, planText((await fetched<PlanVersion>(run, "")).plan, file), file);
    case "draft":
      return give(run, planText((await fetched<{ plan: TrackingPlan }>(run, `/draft?days=${days}`)).plan, file), file);
    case "types":
      return types(run);
  }
}

export async function runPlan(options: PlanOptions, io: PlanIo): Promise<number> {
  const key = options.site === "" ? "" : await readKey(options);
  const api = connectApi({ url: options.url, key, patienceMs: PATIENCE_MS, wait: (ms) => sleep(ms) });
  return byCommand({ ...io, options, api });
}
