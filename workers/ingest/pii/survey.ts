// One pass over a text that says what it cannot hold, so that almost every text is done with after it.

/** What a detector needs to be worth running. */
export const HAS = {
  at: 1,
  /** Two colons or more. */
  colons: 2,
  /** Seven digits or more in all. */
  digits: 4,
  /** Two dots or more, each behind a hexadecimal digit. */
  dots: 8,
  /** Sixteen characters of a token in one run, with a digit or a capital among them. */
  token: 16,
  /** A key before a value: `=` or `:`. */
  keyed: 32,
  /** A percent sign, as of an escape. */
  escape: 64,
  /** Four digits or more in all. */
  shortId: 128,
} as const;

const DIGIT = 1;
const TOKEN = 2;
/** What makes a token out of a word. */
const MARKED = 4;
const HEX = 8;

const CLASSES = new Uint8Array(128);
for (let code = 48; code < 58; code++) CLASSES[code] = DIGIT | TOKEN | MARKED | HEX;
for (let code = 65; code < 91; code++) CLASSES[code] = TOKEN | MARKED;
for (let code = 97; code < 123; code++) CLASSES[code] = TOKEN;
for (const letter of "abcdefABCDEF") CLASSES[letter.charCodeAt(0)]! |= HEX;
for (const sign of "-_+") CLASSES[sign.charCodeAt(0)] = TOKEN;

const TOKEN_LENGTH = 16;

export function surveyText(text: string): number {
  let flags = 0;
  let digits = 0;
  let colons = 0;
  let dots = 0;
  let run = 0;
  let marks = 0;
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const found = code < 128 ? CLASSES[code]! : 0;
    if (found & DIGIT) digits++;
    if (found & TOKEN) {
      run++;
      marks |= found;
      if (run >= TOKEN_LENGTH && marks & MARKED) flags |= HAS.token;
    } else {
      run = 0;
      marks = 0;
      if (code === 46) dots += before & HEX ? 1 : 0;
      else if (code === 64) flags |= HAS.at;
      else if (code === 58) {
        colons++;
        flags |= HAS.keyed;
      } else if (code === 61) flags |= HAS.keyed;
      else if (code === 37) flags |= HAS.escape;
    }
    before = found;
  }
  if (colons >= 2) flags |= HAS.colons;
  if (digits >= 4) flags |= HAS.shortId;
  if (digits >= 7) flags |= HAS.digits;
  if (dots >= 2) flags |= HAS.dots;
  return flags;
}
