// Rules of alerts, how they stand, incidents and messages, without the texts that name a person. What else is in them is
// words of the product's own, which a name may happen to equal.

export type EraseText = (text: string) => string;

const TEXTS = new Set(["name", "reason", "why", "told"]);
/** Of a rule that is split: how each value stands. */
const BY_VALUE = "parts";
const FILTERS = "filters";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function unnamedFilter(filter: unknown, erase: EraseText): unknown {
  if (!Array.isArray(filter)) return filter;
  const [operator, dimension, values, ...rest] = filter;
  if (typeof dimension !== "string" || !Array.isArray(values)) return filter.map((one) => unnamedFilter(one, erase));
  return [operator, dimension, values.map((one) => (typeof one === "string" ? erase(one) : one)), ...rest];
}

/** Two values that named the person stay two. */
function unnamedParts(parts: Record<string, unknown>, erase: EraseText): Record<string, unknown> {
  const left = new Map<string, unknown>();
  for (const [value, state] of Object.entries(parts)) {
    const name = erase(value);
    let free = name;
    for (let turn = 2; left.has(free); turn++) free = `${name} ${turn}`;
    left.set(free, unnamedAlert(state, erase));
  }
  return Object.fromEntries(left);
}

/** The same where nothing names the person. */
export function unnamedAlert(value: unknown, erase: EraseText): unknown {
  if (Array.isArray(value)) return value.map((one) => unnamedAlert(one, erase));
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([key, own]) => {
    if (typeof own === "string") return [key, TEXTS.has(key) ? erase(own) : own];
    if (key === FILTERS) return [key, unnamedFilter(own, erase)];
    if (key === BY_VALUE && isObject(own)) return [key, unnamedParts(own, erase)];
    return [key, unnamedAlert(own, erase)];
  });
  return Object.fromEntries(fields);
}
