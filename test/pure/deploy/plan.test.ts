import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PROBES } from "../../../workers/local/deploy/account.ts";
import { shellLine } from "../../../workers/local/deploy/command.ts";
import { NAMES, planDeploy, STEPS } from "../../../workers/local/deploy/plan.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (path: string): string => readFileSync(root + path, "utf8");

describe("the plan", () => {
  it("holds every step for an empty account", () => {
    expect(planDeploy({ databases: [], secrets: [], projects: [] })).toEqual(STEPS);
  });

  it("takes other databases, secrets and projects for what they are", () => {
    const account = { databases: ["edgewise-old"], secrets: ["OTHER"], projects: ["blog"] };
    expect(planDeploy(account)).toEqual(STEPS);
  });

  it("uses the names of the two wrangler.toml files", () => {
    const [worker, dashboard] = [read("wrangler.toml"), read("dashboard/wrangler.toml")];
    expect(worker).toContain(`name = "${NAMES.worker}"`);
    expect(worker).toContain(`database_name = "${NAMES.database}"`);
    expect(dashboard).toContain(`name = "${NAMES.project}"`);
    expect(dashboard).toContain(`service = "${NAMES.worker}"`);
  });

  it("runs Worker and dashboard on one compatibility date", () => {
    const dateOf = (toml: string) => /^compatibility_date = "(.+)"$/m.exec(toml)?.[1];
    expect(dateOf(read("dashboard/wrangler.toml"))).toBe(dateOf(read("wrangler.toml")));
  });
});

describe("npm run deploy -- --dry-run", () => {
  it("prints every command in order and needs no account", () => {
    const printed = execFileSync(process.execPath, ["workers/local/deploy.ts", "--dry-run"], {
      cwd: root,
      encoding: "utf8",
    });
    const commands = [...Object.values(PROBES), ...STEPS.map(({ command }) => command)].map(shellLine);
    const shown = printed
      .split("\n")
      .filter((line) => line.startsWith("  "))
      .map((line) => line.trim());
    expect(shown).toEqual(commands);
  });
});
