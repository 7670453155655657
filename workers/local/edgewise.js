#!/usr/bin/env node
// `npx edgewise COMMAND`, from a checkout or an installed package. Plain JavaScript, for any Node: the command itself runs on
// the Node that is installed with the packages. State is kept in `.edgewise` of the folder it is called in.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const COMMANDS = {
  start: "serves the product on this machine",
  demo: "the same with a site of 30 days and live visitors",
  plan: "push, diff, pull, draft, lint a tracking plan, or write its types",
  replay: "brings in logs and exports of events",
  backup: "writes a site's whole state to a file, or verifies one",
  restore: "brings a backup back",
};
const USAGE = `edgewise COMMAND [options]; --help after a command shows its options

${Object.entries(COMMANDS)
  .map(([name, about]) => `  ${name.padEnd(9)}${about}`)
  .join("\n")}
`;

/** The Node of the package; where its installation was not allowed to run, the one that reads this. */
function ownNode() {
  const manifest = createRequire(import.meta.url).resolve("node/package.json");
  const node = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(node) ? node : process.execPath;
}

function run(command, args) {
  const here = dirname(fileURLToPath(import.meta.url));
  const hook = ["--disable-warning=ExperimentalWarning", "--import", new URL("strip-types.js", import.meta.url).href];
  const child = spawn(ownNode(), [...hook, join(here, `${command}.ts`), ...args], {
    env: { ...process.env, EDGEWISE_DATA: process.env.EDGEWISE_DATA ?? resolve(".edgewise") },
    stdio: "inherit",
  });
  // Ctrl-C reaches both; this one stays until the command has ended in order.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", ({ message }) => {
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

const [command = "--help", ...args] = process.argv.slice(2);
if (Object.hasOwn(COMMANDS, command)) run(command, args);
else if (command === "--help") process.stdout.write(USAGE);
else {
  process.stderr.write(`there is no command ${command}\n\n${USAGE}`);
  process.exitCode = 2;
}
