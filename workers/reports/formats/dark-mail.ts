// A mail in the dark, in clients that know of it: colours are found by the styles that stand on each element, since others keep
// nothing else. What has a ground of its own stays as it is, and so can be read.
import { FAINT, INK, LINK, PAGE, RULE, SHEET, TONES } from "./html-parts.ts";

const OWN_GROUND = ':not([style*="background-color"])';

const coloured = (was: string, is: string): string => `[style*="color:${was}"]${OWN_GROUND}{color:${is}!important}`;
const ground = (was: string, is: string): string =>
  `[style*="background-color:${was}"]{background-color:${is}!important}`;

const RULES = [
  ground(PAGE, "#0e1015"),
  ground(SHEET, "#171a21"),
  coloured(INK, "#e6e8ee"),
  coloured(FAINT, "#a3abbd"),
  coloured(LINK, "#9db7ff"),
  coloured(TONES.better, "#4cc38a"),
  coloured(TONES.worse, "#ff8d85"),
  `[style*="solid ${RULE}"]{border-color:#2d3340!important}`,
];

export const DARK_STYLE = `<style>@media (prefers-color-scheme:dark){${RULES.join("")}}</style>`;
