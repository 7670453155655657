// Quantifiers are bounded, so that a long hostile string costs linear time.
const EMAIL = /[^\s/?#&=@:;,<>"'()]{1,64}(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/giu;

/** Replaces e-mail addresses, plain or percent-encoded, by `(e-mail)`. */
export function maskEmail(text: string): string {
  if (!text.includes("@") && !text.includes("%40")) return text;
  return text.replace(EMAIL, "(e-mail)");
}
