const LANGUAGE_TAG = /^\s*([a-z]{2,8}(?:-[a-z0-9]{1,8})*)/i;

/** The first choice of an Accept-Language header or of a page: `de-AT,de;q=0.9` → `de-AT`; "" when it names none. */
export function firstLanguage(preferences: string): string {
  return LANGUAGE_TAG.exec(preferences)?.[1] ?? "";
}
