import type { QualityCheck } from "../finding.ts";
import { meansNothing, tally } from "../value-table.ts";

const LEAST_VALUES = 20;
/** A column of dates: this share is written in one of the known ways. The way of `OWN` is the column's. */
const DATES = 0.9;
const OWN = 0.7;

interface Way {
  pattern: RegExp;
  /** Which groups of the pattern hold month and day; none where the month is a word. */
  month?: number;
  day?: number;
}

const WAYS: Readonly<Record<string, Way>> = {
  "2026-01-31": { pattern: /^\d{4}-(\d{1,2})-(\d{1,2})$/, month: 1, day: 2 },
  "2026-01-31T12:00": {
    pattern: /^\d{4}-(\d{2})-(\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/,
    month: 1,
    day: 2,
  },
  "2026/01/31": { pattern: /^\d{4}\/(\d{1,2})\/(\d{1,2})$/, month: 1, day: 2 },
  "1/31/2026": { pattern: /^(\d{1,2})\/(\d{1,2})\/(?:\d{2}|\d{4})$/ },
  "31.1.2026": { pattern: /^(\d{1,2})\.(\d{1,2})\.(?:\d{2}|\d{4})$/, day: 1, month: 2 },
  "Jan 31, 2026": { pattern: /^\p{L}{3,9}\.? (\d{1,2}),? \d{4}$/u, day: 1 },
  "31 Jan 2026": { pattern: /^(\d{1,2})\.? \p{L}{3,9}\.? \d{4}$/u, day: 1 },
};

function wayOf(text: string): { way: string; possible: boolean } | null {
  for (const [way, { pattern, month, day }] of Object.entries(WAYS)) {
    const match = pattern.exec(text.trim());
    if (!match) continue;
    const within = (group: number | undefined, most: number) =>
      group === undefined || (Number(match[group]) >= 1 && Number(match[group]) <= most);
    return { way, possible: within(month, 12) && within(day, 31) };
  }
  return null;
}

/** Dates written in another way than their column's, and days that no calendar has. */
export const otherDateFormat: QualityCheck = {
  label: "Dates",
  about: "dates written in another way than nearly all of their column, or that do not exist",
  run: ({ columns }) =>
    columns.flatMap(({ name, texts, filled }) => {
      if (filled < LEAST_VALUES) return [];
      const cells = texts.flatMap((text, row) => {
        const found = meansNothing(text) ? null : wayOf(text);
        return found ? [{ row, text, ...found }] : [];
      });
      if (cells.length < DATES * filled) return [];
      const ways = [...tally(cells.map(({ way }) => way))].sort((a, b) => b[1] - a[1]);
      const [own = "", count = 0] = ways[0] ?? [];
      if (count < OWN * cells.length) return [];
      return cells.flatMap(({ row, text, way, possible }) => {
        if (way === own && possible) return [];
        const reason = possible ? `written like ${way}; ${name} is written like ${own}` : `${text} is no day`;
        const confidence = possible ? 0.7 : 0.95;
        return [{ row, column: name, fault: "other_date_format", confidence, suggestion: null, reason }];
      });
    }),
};
