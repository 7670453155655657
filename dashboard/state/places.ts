// Countries as people read them: a name in the reader's language and a flag, from the ISO 3166-1 alpha-2 code.

const names = new Intl.DisplayNames(undefined, { type: "region", fallback: "none" });

export function isCountryCode(code: string): boolean {
  return /^[A-Z]{2}$/.test(code);
}

export function countryName(code: string): string {
  if (code === "") return "Unknown";
  if (!isCountryCode(code)) return code;
  return names.of(code) ?? code;
}

/** Two regional indicator letters, which fonts with flags draw as one; "" for what is no country code. */
export function countryFlag(code: string): string {
  if (!isCountryCode(code)) return "";
  return String.fromCodePoint(...[...code].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65));
}
