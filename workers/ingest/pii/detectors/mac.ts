import type { Detector, Span } from "../detector.ts";
import { HAS } from "../survey.ts";

const PAIRS = /(?<![A-Za-z0-9_:-])[0-9A-F]{2}([:-])[0-9A-F]{2}(?:\1[0-9A-F]{2}){4}(?![A-Za-z0-9_:]|-[0-9A-F])/gi;
const FOURS = /(?<![A-Za-z0-9_.-])[0-9A-F]{4}\.[0-9A-F]{4}\.[0-9A-F]{4}(?![A-Za-z0-9_-]|\.[0-9A-F])/gi;
/** Broadcast and unset name no device; digits alone with two dots are numbers. */
const NO_DEVICE = /^(?:[F:.-]+|[0:.-]+|[\d.]+)$/i;

export const mac: Detector = {
  kind: "mac",
  about: "the hardware address of a network interface",
  needs: HAS.colons | HAS.token | HAS.dots,
  find({ text }) {
    const spans: Span[] = [];
    const patterns = text.includes(".") ? [PAIRS, FOURS] : [PAIRS];
    for (const pattern of patterns) {
      for (const { 0: found, index } of text.matchAll(pattern)) {
        if (!NO_DEVICE.test(found)) spans.push({ start: index, end: index + found.length });
      }
    }
    return spans;
  },
  examples: ["00:1A:2B:3C:4D:5E", "on 0d-B3-4a-6A-d9-cF.", "0012.3456.789A is up", "mac=aa:bb:cc:dd:ee:ff"],
  nonExamples: ["FF:FF:FF:FF:FF:FF", "00:1A:2B:3C:4D", "10:2F:33-AC-29-C3", "1234.5678.9012", "ZZ:ZZ:ZZ:ZZ:ZZ:ZZ"],
};
