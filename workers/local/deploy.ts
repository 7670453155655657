// `npm run deploy`: puts Edgewise on a Cloudflare account, or brings it up to date. Safe to repeat.
//   --dry-run    print every command and run none
//   --new-token  replace the owner's token

import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { runCommand } from "./deploy/command.ts";
import { deploy, printPlan } from "./deploy/execute.ts";
import { verifyDeployment } from "./deploy/verify.ts";

const { values } = parseArgs({
  options: { "dry-run": { type: "boolean", default: false }, "new-token": { type: "boolean", default: false } },
});

const print = (line: string): void => console.log(line);

if (values["dry-run"]) {
  printPlan(print);
} else {
  process.exitCode = await deploy(
    {
      run: runCommand,
      print,
      makeToken: () => randomBytes(32).toString("base64url"),
      verify: (origins, token) => verifyDeployment(origins, token, { fetch, wait, marker: randomUUID() }),
    },
    { newToken: values["new-token"], knownToken: process.env.EDGEWISE_TOKEN },
  );
}
