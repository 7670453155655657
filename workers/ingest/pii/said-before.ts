/** How far before a value the word may stand that says what it is. */
const REACH = 40;

/** Whether shortly before `start`, in the same sentence, the text or its key says a word of the pattern. */
export function isSaidBefore(text: string, start: number, words: RegExp): boolean {
  if (start === 0) return false;
  const before = text.slice(Math.max(0, start - REACH), start).toLowerCase();
  const sentence = before.slice(
    Math.max(before.lastIndexOf("\n"), before.lastIndexOf(", "), before.lastIndexOf("; ")) + 1,
  );
  return words.test(sentence);
}
