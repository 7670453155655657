// Node reads TypeScript everywhere but below node_modules, which is where an installed package lies.
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";

const { registerHooks, stripTypeScriptTypes } = nodeModule;
if (!registerHooks || !stripTypeScriptTypes) {
  process.stderr.write(
    `Node ${process.version} cannot read TypeScript: use 22.15 or newer, or let npm install the package \`node\`\n`,
  );
  process.exit(1);
}

const ours = new URL("../../", import.meta.url).href;

registerHooks({
  load(url, context, next) {
    const isOurs = url.startsWith(ours) && url.endsWith(".ts") && !url.slice(ours.length).includes("node_modules/");
    if (!isOurs) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
    return { format: "module", source, shortCircuit: true };
  },
});
