// Texts as small numbers, given in the order in which the texts are first met.

export interface Dictionary {
  dict: string[];
  add(value: string): number;
}

export function dictionary(first: readonly string[] = []): Dictionary {
  const dict = [...first];
  const codeOf = new Map(dict.map((value, code) => [value, code]));
  const add = (value: string): number => {
    const known = codeOf.get(value);
    if (known !== undefined) return known;
    codeOf.set(value, dict.length);
    return dict.push(value) - 1;
  };
  return { dict, add };
}
