import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeployDeps, deploy } from "../../../workers/local/deploy/execute.ts";
import { NAMES } from "../../../workers/local/deploy/plan.ts";
import { anAccount, runnerOf, type SimulatedAccount } from "./account-simulator.ts";

interface Rehearsal {
  code: number;
  printed: string[];
  verified: { origins: { worker: string; dashboard: string }; token: string | null }[];
}

async function rehearse(
  account: SimulatedAccount,
  options: { newToken?: boolean; knownToken?: string } = {},
  deps: Partial<DeployDeps> = {},
): Promise<Rehearsal> {
  const printed: string[] = [];
  const verified: Rehearsal["verified"] = [];
  const code = await deploy(
    {
      run: runnerOf(account),
      print: (line) => printed.push(line),
      makeToken: () => "fresh-token",
      verify: async (origins, token) => {
        verified.push({ origins, token });
        return { ok: true, detail: "seen" };
      },
      ...deps,
    },
    options,
  );
  return { code, printed, verified };
}

const standing = (): SimulatedAccount =>
  anAccount({
    databases: new Set([NAMES.database]),
    migrated: true,
    worker: true,
    secrets: new Map([[NAMES.secret, "old-token"]]),
    projects: new Set([NAMES.project]),
  });

describe("deploy", () => {
  it("sets an empty account up, each thing before what needs it", async () => {
    const account = anAccount();
    const { code, verified } = await rehearse(account);
    expect(code).toBe(0);
    expect(account.secrets.get(NAMES.secret)).toBe("fresh-token");
    expect(account.deployments).toBe(1);
    expect(verified).toEqual([
      {
        origins: { worker: "https://edgewise.team.workers.dev", dashboard: "https://edgewise-dashboard.pages.dev" },
        token: "fresh-token",
      },
    ]);
  });

  it("ends at the same place from whatever an earlier attempt left, and twice over", async () => {
    const leftovers = fc.record({
      database: fc.boolean(),
      migrated: fc.boolean(),
      worker: fc.boolean(),
      token: fc.boolean(),
      project: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(leftovers, async (left) => {
        const account = anAccount({
          databases: new Set(left.database ? [NAMES.database] : []),
          migrated: left.database && left.migrated,
          worker: left.worker,
          secrets: new Map(left.worker && left.token ? [[NAMES.secret, "old-token"]] : []),
          projects: new Set(left.project ? [NAMES.project] : []),
        });
        expect((await rehearse(account)).code).toBe(0);
        const token = account.secrets.get(NAMES.secret);
        expect((await rehearse(account)).code).toBe(0);
        expect(account.secrets.get(NAMES.secret)).toBe(token);
        expect([account.migrated, account.worker, account.databases.size, account.projects.size]).toEqual([
          true,
          true,
          1,
          1,
        ]);
      }),
    );
  });

  it("tells the Worker the address that snippets are to name", async () => {
    const account = anAccount();
    await rehearse(account);
    expect(account.secrets.get(NAMES.address)).toBe("https://edgewise.team.workers.dev");
  });

  it("makes nothing twice in an account where all stands", async () => {
    const account = standing();
    await rehearse(account);
    expect(account.log.filter((typed) => /create|secret put ADMIN/.test(typed))).toEqual([]);
    expect(account.log.slice(-5)).toEqual([
      "workers/local/build.ts",
      "d1 migrations apply edgewise --remote",
      "deploy",
      "secret put EDGEWISE_COLLECT_ORIGIN",
      "pages deploy --branch main --commit-dirty=true",
    ]);
  });

  it("prints the token once when it makes it, and never one that was there", async () => {
    const first = await rehearse(anAccount());
    expect(first.printed.filter((line) => line.includes("fresh-token"))).toHaveLength(1);
    const second = await rehearse(standing(), { knownToken: "old-token" });
    expect(second.printed.join("\n")).not.toContain("old-token");
    expect(second.verified[0]?.token).toBe("old-token");
  });

  it("replaces the token on request", async () => {
    const account = standing();
    await rehearse(account, { newToken: true });
    expect(account.secrets.get(NAMES.secret)).toBe("fresh-token");
  });

  it("keeps the token off the command line", async () => {
    const account = anAccount();
    await rehearse(account);
    expect(account.log.join("\n")).not.toContain("fresh-token");
  });

  it("changes nothing when nobody is signed in, and says how to", async () => {
    const account = anAccount({ signedIn: false });
    const { code, printed } = await rehearse(account);
    expect(code).toBe(1);
    expect(account.log).toEqual(["whoami --json"]);
    expect(printed.join("\n")).toContain("wrangler login");
  });

  it("stops at the step that fails, and repeats the command, its words and a remedy", async () => {
    const account = anAccount();
    const working = runnerOf(account);
    const { code, printed } = await rehearse(
      account,
      {},
      {
        run: async (command, input) =>
          command.args[0] === "deploy"
            ? { code: 1, stdout: "", stderr: "Authentication error [code: 10000]", urls: [] }
            : working(command, input),
      },
    );
    expect(code).toBe(1);
    expect(printed.join("\n")).toMatch(/npx wrangler deploy\n.*10000[\s\S]*remedy: /);
    expect(account.deployments).toBe(0);
  });

  it("fails when the test event does not come out", async () => {
    const { code, printed } = await rehearse(
      anAccount(),
      {},
      {
        verify: async () => ({ ok: false, detail: "the test event did not come out", remedy: "read the log" }),
      },
    );
    expect(code).toBe(1);
    expect(printed.slice(-2)).toEqual(["error: deployed, but the test event did not come out", "remedy: read the log"]);
  });
});
