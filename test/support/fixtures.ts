import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

// Real data with true answers, kept outside the repository. Where it is absent its tests skip:
// `describe.skipIf(!fixturesDir)`.

const folder = process.env.EDGEWISE_FIXTURES ?? fileURLToPath(new URL("../../../shared/fixtures", import.meta.url));

/** The folder with the fixtures, null when there is none. */
export const fixturesDir: string | null = existsSync(folder) ? folder : null;

/** A file by its path inside the folder, unpacked when it ends in `.gz`. */
export function readFixture(path: string): Buffer {
  if (fixturesDir === null) throw new Error("no fixtures here: set EDGEWISE_FIXTURES to their folder");
  const bytes = readFileSync(join(fixturesDir, path));
  return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** A JSON fixture; the caller states the shape it expects. */
export function readJsonFixture<Shape>(path: string): Shape {
  return JSON.parse(readFixture(path).toString("utf8")) as Shape; // a file of known origin, checked by the tests that read it
}
