import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Drops the last build's hashed files only: dist/js belongs to the tracker's build. */
function freshAssets(): Plugin {
  return {
    name: "fresh-assets",
    apply: "build",
    buildStart: () => rmSync(`${root}dist/assets`, { recursive: true, force: true }),
  };
}

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/**
 * Names the chunk of what the start needs anyway. Left alone, whatever a page shares with it becomes a file of its own, and twenty
 * small files are three round trips to a server that speaks HTTP/1.1.
 */
function startChunk() {
  const ofStart = new Set<string>();
  return (id: string, modules: Modules): string | null => {
    const reach = (from: string): void => {
      if (ofStart.has(from)) return;
      ofStart.add(from);
      for (const next of modules.getModuleInfo(from)?.importedIds ?? []) reach(next);
    };
    if (ofStart.size === 0) reach(`${root}main.tsx`);
    return ofStart.has(id) ? "start" : null;
  };
}

export default defineConfig({
  root,
  plugins: [preact({ devToolsEnabled: false }), freshAssets()],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2023",
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: startChunk(), debugName: "start", priority: 1 },
            // What three pages or more have in common, such as the panel of an answer.
            { name: "shared", test: /dashboard\/(panels|state|ui)\//, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: "http://127.0.0.1:8787", ws: true } } },
});
