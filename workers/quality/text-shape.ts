/** What a text is made of: `a` for letters, `9` for digits, everything else as it is. `Ab-123` is `aa-999`. */
export function exactShape(text: string): string {
  return text.replace(/\p{L}/gu, "a").replace(/\p{N}/gu, "9");
}

/** The same, each run of letters or digits as one: `Ab-123` is `a-9`; words after words are one run too. */
export function looseShape(text: string): string {
  return exactShape(text)
    .replace(/a+/g, "a")
    .replace(/9+/g, "9")
    .replace(/a(?: a)+/g, "a");
}
