import type { Detector } from "../detector.ts";
import { findGrouped, weighted } from "../grouped-id.ts";
import { HAS } from "../survey.ts";

const ID = {
  lengths: [3, 3, 4],
  separators: "- ",
  isValid: (digits: string) =>
    weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 && !/^(\d)\1+$/.test(digits),
  said: /\bnhs/,
  // Seconds since 1970, from 2017 on.
  notAlone: /^1[5-9]/,
};

export const ukNhs: Detector = {
  kind: "national_id",
  about: "United Kingdom: NHS number",
  needs: HAS.digits,
  find: (searched) => findGrouped(searched, ID),
  examples: ["401-023-2137", "221 395 1837", "NHS no. 0032698674"],
  nonExamples: ["401-023-2138", "0032698674", "1732190400"],
};
