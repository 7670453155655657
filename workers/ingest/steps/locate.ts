import { firstLanguage } from "../language.ts";
import { cleanText } from "../payload.ts";
import type { Step } from "./index.ts";

/** The place as the edge knows it, and the language: the page's own word before the browser's first preference. */
export const locate: Step = {
  name: "locate",
  run({ event }, { place, language }) {
    event.country = cleanText(place.country);
    event.region = cleanText(place.region);
    event.city = cleanText(place.city);
    event.timeZone = cleanText(place.timeZone);
    event.language = firstLanguage(event.language || language);
    return undefined;
  },
};
