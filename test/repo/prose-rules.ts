// What READMEs and guides promise: paths that exist, commands that exist.

import { existsSync } from "node:fs";
import { posix } from "node:path";
import { lineAt, root, type Source } from "./source.ts";

/** Made by a build or a run, so absent from a fresh clone. */
const MADE = /(?:^|\/)(?:dist|node_modules|\.edgewise|\.wrangler|\.dev\.vars$)/;
const TOP_FOLDERS = /^(?:workers|durable-objects|dashboard|test|bench|docs|migrations|sdk|\.ci)\//;
/** `steps/index.ts`; a bare name is taken for a path where it is one of the root's kind. */
const NESTED = /^[\w.[\]-]+(?:\/[\w.[\]-]+)+\.(?:tsx?|toml|json|md|sql|css|html)$/;
const TOP_FILE = /^[\w.-]+\.(?:toml|md)$|^(?:package|package-lock|tsconfig)\.json$/;
const BUILT_IN = new Set(["ci", "install", "init", "exec", "pack"]);

export interface Citation {
  path: string;
  line: number;
}

/** Backticked words that look like a path of this repository. */
export function citedPaths(source: Source): Citation[] {
  const prose = withoutFences(source.text);
  return [...prose.matchAll(/`([^`\s]+)`/g)].flatMap((match) => {
    const [path = ""] = (match[1] ?? "").split(":");
    if (MADE.test(path) || /[<>{}$*=()]/.test(path)) return [];
    const looksLikePath = TOP_FOLDERS.test(path) || (path.includes("/") ? NESTED.test(path) : TOP_FILE.test(path));
    return looksLikePath ? [{ path, line: lineAt(source.text, match.index) }] : [];
  });
}

/** A path may be given from the root, or from the folder of the file that cites it. */
export function pathExists(source: Source, path: string): boolean {
  return existsSync(root + path) || existsSync(root + posix.join(posix.dirname(source.path), path));
}

/** `npm run build` → build, `npm test` → test; in backticks and fences. */
export function citedScripts(source: Source): Citation[] {
  const code = source.text.replace(/(```[\s\S]*?```|`[^`\n]+`)|[^\n]/g, (_, quoted?: string) => quoted ?? " ");
  return [...code.matchAll(/\bnpm (run )?([a-z][\w:-]*)/g)].flatMap((match) => {
    const name = match[2] ?? "";
    const isBuiltIn = match[1] === undefined && BUILT_IN.has(name);
    return isBuiltIn ? [] : [{ path: name, line: lineAt(code, match.index) }];
  });
}

/** Commands of a document: those of its ```sh fences, continued lines joined, without comments. */
export function shellCommands(source: Source): string[] {
  return [...source.text.matchAll(/```(?:sh|bash)\n([\s\S]*?)```/g)]
    .flatMap((match) => (match[1] ?? "").replace(/\\\n\s*/g, "").split("\n"))
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

export interface CurlCall {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string;
}

/** The curl commands of a document, as what they send. `$TOKEN` stands for `token`. */
export function curlCalls(source: Source, token = ""): CurlCall[] {
  return shellCommands(source)
    .filter((command) => command.startsWith("curl "))
    .map((command) => {
      const headers = [...command.matchAll(/-H ["']([^:"']+): ([^"']+)["']/g)].map(([, name = "", value = ""]) => [
        name,
        value.replace("$TOKEN", token),
      ]);
      return {
        method: /-X (\w+)/.exec(command)?.[1] ?? "GET",
        url: new URL(/https?:\/\/[^\s"']+/.exec(command)?.[0] ?? ""),
        headers: Object.fromEntries(headers),
        body: /-d '([^']+)'/.exec(command)?.[1] ?? "",
      };
    });
}

/** Blanks fenced code and keeps offsets. */
function withoutFences(text: string): string {
  return text.replace(/```[\s\S]*?```/g, (fence) => fence.replace(/[^\n]/g, " "));
}
