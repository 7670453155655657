// A visitor's place in the order of all visitors: 64 bits, as two words. Ids are 64-bit pseudonyms in hexadecimal and are
// their own key; any other text is hashed. Slices of a scan and blocks of a segment are ranges of the first word.

const PSEUDONYM = /^[0-9a-f]{16}$/;

export interface VisitorKey {
  high: number;
  low: number;
}

/** Two words that look like chance. */
export function hashed(text: string): VisitorKey {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return { high: high >>> 0, low: low >>> 0 };
}

export function isPseudonym(id: string): boolean {
  return PSEUDONYM.test(id);
}

export function keyOfVisitor(id: string): VisitorKey {
  if (!isPseudonym(id)) return hashed(id);
  return { high: Number.parseInt(id.slice(0, 8), 16), low: Number.parseInt(id.slice(8), 16) };
}

/** The pseudonym of a key. */
export function pseudonymOf(high: number, low: number): string {
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

/** Ranges of the first word, both ends included; together they hold every visitor once. */
export interface Slice {
  from: number;
  to: number;
}

export const EVERYBODY: Slice = { from: 0, to: 0xffffffff };

export function meets(a: Slice, b: Slice): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** `count` is a power of two. */
export function slicesOf(count: number): Slice[] {
  const width = 2 ** 32 / count;
  return Array.from({ length: count }, (_, index) => ({ from: index * width, to: (index + 1) * width - 1 }));
}
