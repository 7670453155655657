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

export default defineConfig({
  root,
  plugins: [preact({ devToolsEnabled: false }), freshAssets()],
  build: { outDir: "dist", emptyOutDir: false, target: "es2023", assetsInlineLimit: 0 },
  server: { host: "127.0.0.1", proxy: { "/api": { target: "http://127.0.0.1:8787", ws: true } } },
});
