// Which fonts a report asks for, and which of them writes a letter.
import { describe, expect, it } from "vitest";
import { REPORT_FACES } from "../../../workers/domain/report-fonts.ts";
import { hanOf, loadFaces, neededFaces, type PrintedText } from "../../../workers/reports/formats/pdf/faces.ts";
import { fontPorts } from "../../support/report-document.ts";

const facesOf = (...texts: string[]) => [...neededFaces(texts)].sort();

describe("the faces of a report", () => {
  it.each([
    ["plain words", "Visitors rose by 14 %", []],
    ["signs and accents", "“Größe” · 5 € – 3 … naïve Ελληνικά Русский", []],
    ["Arabic", "عدد", ["arabic"]],
    ["a comma of Arabic", "a، b", ["arabic"]],
    ["Hebrew", "שלום", ["hebrew"]],
    ["Devanagari", "हिन्दी", ["devanagari"]],
    ["Thai", "ไทย", ["thai"]],
    ["kana and Han letters", "日本のサイト", ["japanese"]],
    ["Hangul and Han letters", "한국 大韓", ["korean"]],
    ["Han letters alone", "数据分析", ["chinese"]],
    ["kana beside Hangul", "カナ 한글", ["japanese", "korean"]],
  ])("for %s are Latin and theirs", (_, text, faces) => expect(facesOf(text)).toEqual([...faces, "latin"].sort()));

  it("are all that its texts ask for", () =>
    expect(facesOf("数据", "サイト", "한국", "عدد")).toEqual(["arabic", "chinese", "japanese", "korean", "latin"]));

  it("are each there for letters that no other is there for", () => {
    const owners = (letter: string) =>
      Object.entries(REPORT_FACES).flatMap(([face, { letters }]) => (letters.test(letter) ? [face] : []));
    for (const [face, letter] of Object.entries({ arabic: "ع", hebrew: "ש", thai: "ไ", korean: "한", chinese: "数" }))
      expect(owners(letter)).toEqual(["latin", face]);
  });
});

describe("fonts", () => {
  async function loaded(...printed: PrintedText[]) {
    const { fonts, fontOf } = await loadFaces(printed, fontPorts.font);
    return { names: [...fonts.keys()], fontOf };
  }
  const loadedFor = (...texts: string[]) => loaded(...texts.map((text) => ({ text, isBold: true })));
  it("of megabytes are not loaded for a report in Latin letters", async () =>
    expect((await loadedFor("Visitors: 5 €")).names).toEqual(["latin", "latinBold"]));

  it("write each letter, bold where there is such a face", async () => {
    const { fontOf } = await loadedFor("A عدد ไทย サイト 한국", "数据");
    const written = (letter: string, isBold: boolean) => fontOf(letter, { isBold, han: hanOf(letter) });
    const pairs = [..."Aعไ数サ한"].map((letter) => [written(letter, false), written(letter, true)]);
    expect(pairs).toEqual([
      ["latin", "latinBold"],
      ["arabic", "arabicBold"],
      ["thai", "thaiBold"],
      ["chinese", "chineseBold"],
      ["japanese", "japanese"],
      ["korean", "koreanBold"],
    ]);
  });

  it("of Japanese write the Han letters of Japanese, and Chinese those that they lack", async () => {
    const text = "このサイトは这";
    const { fontOf } = await loadedFor(text, "日");
    const han = hanOf(text);
    expect(fontOf("日", { isBold: false, han })).toBe("japanese");
    expect(fontOf("这", { isBold: false, han })).toBe("chinese");
    expect(fontOf("日", { isBold: false, han: hanOf("日") })).toBe("chinese");
  });

  it("have every Han letter of GB 2312 and Big5, and every syllable of Korean", async () => {
    const { fontOf } = await loadedFor("数", "한");
    const missing = (letters: Iterable<string>) =>
      [...letters].filter((one) => fontOf(one, { isBold: true, han: hanOf(one) }) === null);
    const decoded = (label: string, [first, last]: [number, number]) => {
      const decoder = new TextDecoder(label);
      const places = Array.from({ length: (last - first + 1) * 0xbf }, (_, at) => [
        first + Math.floor(at / 0xbf),
        0x40 + (at % 0xbf),
      ]);
      return places
        .map((bytes) => decoder.decode(Uint8Array.from(bytes)))
        .filter((one) => /^\p{Script=Han}$/u.test(one));
    };
    const simplified = decoded("gbk", [0xb0, 0xf7]);
    const traditional = decoded("big5", [0xa4, 0xf9]);
    expect([simplified.length, traditional.length].every((count) => count > 6_700)).toBe(true);
    expect(missing(simplified)).toEqual([]);
    expect(missing(traditional)).toEqual([]);
    expect(missing(Array.from({ length: 11_172 }, (_, at) => String.fromCodePoint(0xac00 + at)))).toEqual([]);
  });

  it("in bold are loaded where a text in bold holds their letters", async () => {
    const { names, fontOf } = await loaded({ text: "数据", isBold: false }, { text: "عدد", isBold: true });
    expect(names.sort()).toEqual(["arabic", "arabicBold", "chinese", "latin", "latinBold"]);
    expect(fontOf("数", { isBold: true, han: hanOf("数") })).toBe("chinese");
  });

  it("of Chinese are loaded for signs that no other has, and not in bold", async () => {
    const { names, fontOf } = await loadedFor("A → B");
    expect(fontOf("→", { isBold: true, han: hanOf("→") })).toBe("chinese");
    expect(names).not.toContain("chineseBold");
  });

  it("are none for scripts that no face is there for", async () => {
    const { fontOf } = await loadedFor("ქართული");
    expect(fontOf("ქ", { isBold: false, han: hanOf("") })).toBeNull();
  });
});
