// The document as others' tools read it. A TypeScript client made from the document alone, by others' generator: it compiles, refuses what the document does, and
// works against the server that `npm start` gives.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../repo/source.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "edgewise-client-"));
let server: TestServer;

const CLIENT = `
import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";

const headers = { authorization: "Bearer " + process.env.TOKEN };
const client = createClient<paths>({ baseUrl: process.env.URL ?? "", headers });

const made = await client.POST("/api/v1/sites", { body: { id: "made.example", timeZone: "Europe/Berlin" } });
const site: string = made.data?.id ?? "";
const event = { site, name: "pageview", url: "https://made.example/" };
const taken = await client.POST("/api/event", { body: event, headers: { "user-agent": "Mozilla/5.0 Chrome/131.0.0.0" } });
const goal = await client.POST("/api/v1/sites/{id}/goals", {
  params: { path: { id: site } },
  body: { kind: "page", match: "/*" },
});
const read = await client.GET("/api/v1/sites/{id}", { params: { path: { id: site } } });
const zone: string | undefined = read.data?.timeZone;
const answer = await client.POST("/api/v2/query", { body: { site_id: site, metrics: ["events"], date_range: "day" } });
const missing = await client.GET("/api/v1/sites/{id}", { params: { path: { id: "none" } } });
const code: "not_found" | string | undefined = missing.error?.code;
// @ts-expect-error kinds are those of the document
await client.POST("/api/v1/sites/{id}/goals", { params: { path: { id: site } }, body: { kind: "none", match: "/" } });
// @ts-expect-error there is no such path
await client.GET("/api/v1/none", {});
const accepted = taken.data?.accepted;
console.log(JSON.stringify({ site, zone, accepted, goal: goal.data?.name, answer: answer.data, code }));
`;

beforeAll(async () => {
  server = await startTestServer();
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});

afterAll(async () => {
  await server?.discard();
  rmSync(folder, { recursive: true, force: true });
});

it("the document passes Redocly's recommended rules", async () => {
  // A WebSocket is answered 101, which it takes for no success.
  const config = await createConfig({ extends: ["recommended"], rules: { "operation-2xx-response": "off" } });
  const source = await (await fetch(`${server.url}/api/v1/openapi.json`)).text();
  const problems = await lintFromString({ source, config });
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
});

it("a client generated from the document compiles and works", async () => {
  const document = await fetch(`${server.url}/api/v1/openapi.json`);
  writeFileSync(join(folder, "openapi.json"), await document.text());
  const generator = join(root, "test/client-generator/node_modules/.bin/openapi-typescript");
  await run(process.execPath, [generator, "openapi.json", "-o", "schema.d.ts", "--default-non-nullable=false"], {
    cwd: folder,
  });
  writeFileSync(join(folder, "client.ts"), CLIENT);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const compilerOptions = {
    strict: true,
    noEmit: true,
    // The generator writes schemas that stand within themselves in a form that the compiler takes for no type.
    skipLibCheck: true,
    target: "es2024",
    module: "nodenext",
    allowImportingTsExtensions: true,
    types: ["node"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["client.ts"] }));
  const compiled = await run(join(root, "node_modules/.bin/tsc"), ["-p", folder], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  );
  expect(compiled.stdout).toBe("");
  const env = { ...process.env, URL: server.url, TOKEN: server.adminToken };
  const { stdout } = await run(process.execPath, ["client.ts"], { cwd: folder, env });
  const { answer, ...told } = JSON.parse(stdout);
  expect(told).toEqual({ site: "made.example", zone: "Europe/Berlin", accepted: 1, goal: "/*", code: "not_found" });
  expect(answer.results[0].metrics).toEqual([1]);
});
