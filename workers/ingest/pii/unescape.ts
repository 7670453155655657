/** A text with percent-escapes read, and where each of its characters begins in the original. */
export interface Unescaped {
  text: string;
  /** One more than the text has characters: the last is the original's end. */
  origins: number[];
}

const ROUNDS = 2;

/** Reads escapes, twice, since addresses within addresses are escaped twice; those of control characters stay. */
export function unescapeText(text: string): Unescaped {
  let result: Unescaped = { text, origins: Array.from({ length: text.length + 1 }, (_, i) => i) };
  for (let round = 0; round < ROUNDS && result.text.includes("%"); round++) result = once(result);
  return result;
}

function once({ text, origins }: Unescaped): Unescaped {
  let plain = "";
  const from: number[] = [];
  for (let i = 0; i < text.length; ) {
    const [read, length] = text[i] === "%" ? escapeAt(text, i) : [text[i]!, 1];
    for (let k = 0; k < read.length; k++) from.push(origins[i]!);
    plain += read;
    i += length;
  }
  from.push(origins[text.length]!);
  return { text: plain, origins: from };
}

/** The character that is escaped from `at` on, in UTF-8, and the length of its escape; the sign itself where there is none. */
function escapeAt(text: string, at: number): [read: string, length: number] {
  const lead = hexAt(text, at + 1);
  const bytes = lead < 32 || lead === 127 ? 0 : BYTES.findIndex((below) => lead < below) + 1;
  if (bytes === 0) return ["%", 1];
  try {
    return [decodeURIComponent(text.slice(at, at + 3 * bytes)), 3 * bytes];
  } catch {
    return ["%", 1];
  }
}

/** A first byte below these stands for a character of one, two, three, four bytes. */
const BYTES = [0x80, 0xe0, 0xf0, 0xf8];

function hexAt(text: string, at: number): number {
  const hex = text.slice(at, at + 2);
  return /^[0-9A-Fa-f]{2}$/.test(hex) ? Number.parseInt(hex, 16) : -1;
}
