// A command and how it is run. The plan and the executor see only these types; the tests give a runner of their own.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface Command {
  /** `wrangler` is the one of the lockfile; `node` is the one that runs this. */
  program: "wrangler" | "node";
  args: readonly string[];
  /** From the root of the checkout; the root when left out. */
  folder?: string;
  /** What its standard input reads: the owner's token, or the Worker's address. */
  input?: "token" | "address";
}

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Addresses that a deployment answers at. */
  urls: string[];
}

export type Run = (command: Command, input?: string) => Promise<CommandResult>;

/** As a person would type it from the root of the checkout. */
export function shellLine({ program, args, folder, input }: Command): string {
  const typed = `${program === "wrangler" ? "npx wrangler" : program} ${args.join(" ")}${input ? ` < ${input}` : ""}`;
  return folder ? `(cd ${folder} && ${typed})` : typed;
}

/** Runs the command to its end, without questions. */
export const runCommand: Run = async (command, input) => {
  const folder = mkdtempSync(join(tmpdir(), "edgewise-deploy-"));
  const report = join(folder, "report.ndjson");
  try {
    const ended = await spawned(command, { report, ...(input === undefined ? {} : { input }) });
    return { ...ended, urls: deployedUrls(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function spawned(
  command: Command,
  { report, input = "" }: { report: string; input?: string },
): Promise<Omit<CommandResult, "urls">> {
  const script = command.program === "wrangler" ? [join(root, "node_modules/wrangler/bin/wrangler.js")] : [];
  const child = spawn(process.execPath, [...script, ...command.args], {
    cwd: join(root, command.folder ?? ""),
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_OUTPUT_FILE_PATH: report, NO_COLOR: "1" },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Wrangler's own report: one JSON object a line, `targets` of a Worker and `url` of a Pages deployment among them. */
function deployedUrls(report: string): string[] {
  let text = "";
  try {
    text = readFileSync(report, "utf8");
  } catch {
    return [];
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const { targets = [], url }: { targets?: string[]; url?: string } = JSON.parse(line);
      return [...targets.flatMap(toUrl), ...(url ? [url] : [])];
    });
}

/** A target is an address, `host (custom domain)`, or a schedule. */
function toUrl(target: string): string[] {
  if (target.startsWith("https://")) return [target];
  const domain = /^([\w.-]+\.\w+) \(custom domain/.exec(target);
  return domain ? [`https://${domain[1]}`] : [];
}
