// What the banner says: `data-consent-accept="Zustimmen"` and its like on the tag, in whatever language the page has.

import { options } from "../options.ts";

const ENGLISH = {
  label: "Consent",
  text: "May we recognise this browser when you come back, to understand how our pages are used? You can say no, and change your mind at any time.",
  linkText: "Read more",
  accept: "Accept",
  refuse: "Refuse",
  save: "Save choice",
  choose: "Or choose what you allow:",
  analytics: "Analytics: recognise this browser on other days",
  experience: "Experience: know which variant of a page was seen",
  marketing: "Marketing: know which part of a campaign led here",
} as const;

export function textOf(name: keyof typeof ENGLISH): string {
  return options[`consent${name[0]!.toUpperCase()}${name.slice(1)}`] || ENGLISH[name];
}
