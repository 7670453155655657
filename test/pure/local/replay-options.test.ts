import { describe, expect, it } from "vitest";
import { readOptions } from "../../../workers/local/replay/options.ts";

describe("the options of a replay", () => {
  it("have defaults for everything but the file and the site", () => {
    expect(readOptions(["a.log", "--site", "shop.example"], {})).toMatchObject({
      ...{ file: "a.log", site: "shop.example", url: "http://127.0.0.1:8787", dataDir: ".edgewise" },
      ...{ bots: "drop", visitors: "given", batch: 2000, mode: "import", speed: "max", timeZone: "UTC" },
    });
  });

  it("follow PORT, EDGEWISE_DATA and EDGEWISE_KEY", () => {
    const environment = { PORT: "9000", EDGEWISE_DATA: "/state", EDGEWISE_KEY: "key" };
    expect(readOptions(["a.log", "--site", "s"], environment)).toMatchObject({
      ...{ url: "http://127.0.0.1:9000", dataDir: "/state", key: "key" },
    });
  });

  it("take several mappings, repeated or with commas", () => {
    const options = readOptions(["a", "--site", "s", "--map", "at=t,visitor=v", "--map", "props.plan=p"], {});
    expect(options?.mapping.columns).toEqual({ at: "t", visitor: "v", "props.plan": "p" });
  });

  it.each([
    [[], "name the file to replay"],
    [["a"], "name the site with --site ID"],
    [["a", "b", "--site", "s"], "one file at a time"],
    [["a", "--site", "s", "--format", "xml"], "--format xml: use one of"],
    [["a", "--site", "s", "--bots", "maybe"], "--bots maybe: use keep or drop"],
    [["a", "--site", "s", "--batch", "5000"], "use a whole number from 1 to 2000"],
    [["a", "--site", "s", "--speed", "0"], "--speed 0"],
    [["a", "--site", "s", "--time-zone", "Mars"], "use an IANA zone"],
    [["a", "--site", "s", "--map", "when=t"], "when is no field"],
    [["a", "--site", "s", "--live", "--undo"], "exclude each other"],
    [["a", "--site", "s", "--wat"], "--help shows the options"],
  ])("%j is refused: %s", (args, message) => {
    expect(() => readOptions(args, {})).toThrow(message);
  });
});
