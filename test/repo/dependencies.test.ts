import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FONT_PACKAGES } from "../../workers/local/fonts.ts";
import { readSource, root } from "./source.ts";

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

interface Lockfile {
  packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean; version?: string }>;
}

const FREE = /^(?:MIT|Apache-2\.0|BSD-[23]-Clause|ISC|Unlicense|0BSD|CC0-1\.0|BlueOak-1\.0\.0)$/;

/** Fonts alone, which this licence lets anything carry whose own licence is another, as long as its text goes with them. */
const OFL_FONTS = [
  "@embedpdf/fonts-sc",
  "@fontsource/ibm-plex-sans-arabic",
  "@fontsource/nanum-gothic",
  "@fontsource/noto-sans-devanagari",
  "@fontsource/noto-sans-thai",
];
const OFL_TEXT = /^SIL OPEN FONT LICENSE Version 1\.1/m;

const manifest: Manifest = JSON.parse(readSource("package.json").text);
const lockfile: Lockfile = JSON.parse(readSource("package-lock.json").text);
const direct = { ...manifest.dependencies, ...manifest.devDependencies };

/** An SPDX expression: with OR one free branch is enough, with AND each must be. */
function isFree(expression: string): boolean {
  const inner = expression.replace(/[()]/g, "");
  return inner.split(/ OR /i).some((branch) => branch.split(" AND ").every((licence) => FREE.test(licence.trim())));
}

function licenceOf(folder: string): string {
  const { license }: { license?: string } = JSON.parse(readSource(`${folder}/package.json`).text);
  return license ?? licenceInText(`${folder}/LICENSE`);
}

/** Of a package whose manifest forgets to say it. */
function licenceInText(path: string): string {
  if (!existsSync(root + path)) return "none stated";
  return /^(?:The )?MIT License\s*\n/i.test(readSource(path).text) ? "MIT" : "none stated";
}

describe("dependencies", () => {
  it("are pinned to one version each, so that every machine gets the tested ones", () => {
    const loose = Object.entries(direct)
      .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name}: replace ${version} by an exact version`);
    expect(loose).toEqual([]);
  });

  it("stand in the lockfile at the same versions", () => {
    const drifted = Object.entries(direct)
      .filter(([name, version]) => lockfile.packages[`node_modules/${name}`]?.version !== version)
      .map(([name]) => `${name}: run npm install, and commit package-lock.json`);
    expect(drifted).toEqual([]);
  });

  it("that ship are under MIT, Apache-2.0, BSD, ISC, Unlicense, 0BSD or CC0", () => {
    const bound = Object.entries(lockfile.packages)
      .filter(([folder]) => folder.startsWith("node_modules/"))
      // A tool of ours that a package could use if it shipped, does not ship.
      .filter(([, { dev, optional, devOptional }]) => !dev && !optional && !devOptional)
      .filter(([folder]) => existsSync(`${root}${folder}/package.json`))
      .map(([folder]) => ({ folder, licence: licenceOf(folder) }))
      .filter(({ licence }) => !isFree(licence))
      .filter(
        ({ folder, licence }) =>
          !(licence === "OFL-1.1" && OFL_FONTS.some((name) => folder === `node_modules/${name}`)),
      )
      .map(({ folder, licence }) => `${folder}: ${licence} may not ship; choose another package`);
    expect(bound).toEqual([]);
  });

  it("under the Open Font License are fonts of reports, and bring its text", () => {
    expect(OFL_FONTS.filter((name) => !FONT_PACKAGES.includes(name))).toEqual([]);
    const texts = OFL_FONTS.map((name) => ({ name, text: readSource(`node_modules/${name}/LICENSE`).text }));
    expect(texts.filter(({ text }) => !OFL_TEXT.test(text)).map(({ name }) => name)).toEqual([]);
  });
});

describe("the licence rule", () => {
  it.each(["MIT", "(MIT OR GPL-3.0)", "BSD-3-Clause AND MIT"])("passes %s", (licence) =>
    expect(isFree(licence)).toBe(true),
  );
  it.each(["AGPL-3.0-or-later", "MIT AND GPL-3.0", "MPL-2.0", "OFL-1.1", "none stated"])("stops %s", (licence) =>
    expect(isFree(licence)).toBe(false),
  );
});
