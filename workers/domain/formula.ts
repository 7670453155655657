// Formulas over metrics, as people write them: `orders / visitors * 100`. Numbers, names, + - * / and brackets, nothing more.

export type Formula =
  | { kind: "number"; value: number }
  | { kind: "metric"; name: string }
  | { kind: "negative"; of: Formula }
  | { kind: "pair"; operator: "+" | "-" | "*" | "/"; left: Formula; right: Formula };

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*(?:@[1-9]\d*)?)|([-+*/()]))/y;
/** Deeper brackets are refused, since reading them takes as deep a stack. */
const DEEPEST = 20;

interface Reading {
  tokens: string[];
  place: number;
}

class NoFormula extends Error {}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== "") {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (!token)
      throw new NoFormula(
        `cannot read ${text.slice(from, from + 20).trim()}; use metrics, numbers, + - * / and brackets`,
      );
    tokens.push(token[0].trim());
  }
  return tokens;
}

function next(reading: Reading, ...wanted: string[]): string | null {
  const token = reading.tokens[reading.place];
  if (token === undefined || !wanted.includes(token)) return null;
  reading.place += 1;
  return token;
}

function sum(reading: Reading, depth: number): Formula {
  let left = product(reading, depth);
  for (let operator = next(reading, "+", "-"); operator; operator = next(reading, "+", "-")) {
    left = { kind: "pair", operator: operator === "+" ? "+" : "-", left, right: product(reading, depth) };
  }
  return left;
}

function product(reading: Reading, depth: number): Formula {
  let left = term(reading, depth);
  for (let operator = next(reading, "*", "/"); operator; operator = next(reading, "*", "/")) {
    left = { kind: "pair", operator: operator === "*" ? "*" : "/", left, right: term(reading, depth) };
  }
  return left;
}

function term(reading: Reading, depth: number): Formula {
  if (depth > DEEPEST) throw new NoFormula(`brackets go deeper than ${DEEPEST}`);
  if (next(reading, "-")) return { kind: "negative", of: term(reading, depth + 1) };
  if (next(reading, "(")) {
    const inner = sum(reading, depth + 1);
    if (!next(reading, ")")) throw new NoFormula("a bracket is not closed");
    return inner;
  }
  const token = reading.tokens[reading.place++];
  if (token === undefined) throw new NoFormula("the formula ends too early");
  if (/^\d/.test(token)) return { kind: "number", value: Number(token) };
  if (/^[a-z]/.test(token)) return { kind: "metric", name: token };
  throw new NoFormula(`${token} stands where a metric or a number should`);
}

export function parseFormula(text: string): Formula | { problem: string } {
  try {
    const reading = { tokens: tokensOf(text), place: 0 };
    const formula = sum(reading, 0);
    const left = reading.tokens[reading.place];
    return left === undefined ? formula : { problem: `${left} stands where an operator should` };
  } catch (error) {
    if (error instanceof NoFormula) return { problem: error.message };
    throw error;
  }
}

/** Metrics that it names, each once. */
export function metricsIn(formula: Formula): string[] {
  switch (formula.kind) {
    case "number":
      return [];
    case "metric":
      return [formula.name];
    case "negative":
      return metricsIn(formula.of);
    case "pair":
      return [...new Set([...metricsIn(formula.left), ...metricsIn(formula.right)])];
  }
}

/** Null where a metric has no value, and of a division by zero. */
export function valueOfFormula(formula: Formula, metric: (name: string) => number | null): number | null {
  if (formula.kind === "number") return formula.value;
  if (formula.kind === "metric") return metric(formula.name);
  if (formula.kind === "negative") {
    const value = valueOfFormula(formula.of, metric);
    return value === null ? null : -value;
  }
  const [left, right] = [valueOfFormula(formula.left, metric), valueOfFormula(formula.right, metric)];
  if (left === null || right === null) return null;
  switch (formula.operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? null : left / right;
  }
}
