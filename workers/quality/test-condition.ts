import { RE2JS } from "re2js";
import type { QualityCondition } from "../domain/quality-rule.ts";

/** What an event is to a rule: named values, nested. */
export type Fields = Readonly<Record<string, unknown>>;

export type ConditionTest = (fields: Fields) => boolean;

/** The value at a dotted path, undefined where there is none. Own properties only. */
function fieldOf(fields: Fields, path: string): unknown {
  let value: unknown = fields;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Fields)[part]; // an object that has it
  }
  return value;
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** Numbers, and texts that are written numbers; senders do not agree on which. */
function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

/** Negative, 0 or positive; as numbers where both are. */
function order(a: unknown, b: unknown): number {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== null && right !== null) return left - right;
  const [before, after] = [String(a), String(b)];
  return before < after ? -1 : Number(before > after);
}

const HOLDS: Readonly<Record<Extract<QualityCondition, { kind: "compare" }>["operator"], (order: number) => boolean>> =
  {
    "<": (found) => found < 0,
    "<=": (found) => found <= 0,
    "=": (found) => found === 0,
    "!=": (found) => found !== 0,
    ">=": (found) => found >= 0,
    ">": (found) => found > 0,
  };

/** An absent field breaks `required` and `together` alone: other conditions are about values that are there. */
export function testCondition(condition: QualityCondition): ConditionTest {
  switch (condition.kind) {
    case "required":
      return (fields) => isThere(fieldOf(fields, condition.field));
    case "together":
      return (fields) => {
        const present = condition.fields.filter((field) => isThere(fieldOf(fields, field))).length;
        return present === 0 || present === condition.fields.length;
      };
    case "compare":
      return (fields) => {
        const [left, right] = [fieldOf(fields, condition.field), fieldOf(fields, condition.other)];
        return !isThere(left) || !isThere(right) || HOLDS[condition.operator](order(left, right));
      };
    case "range": {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = condition;
      return whereThere(condition.field, (value) => {
        const number = numberOf(value);
        return number !== null && number >= min && number <= max;
      });
    }
    case "pattern": {
      const pattern = RE2JS.compile(condition.pattern);
      return whereThere(condition.field, (value) => pattern.test(String(value)));
    }
    case "one_of": {
      const allowed = new Set(condition.values);
      return whereThere(condition.field, (value) => allowed.has(String(value)));
    }
  }
}

function whereThere(field: string, test: (value: unknown) => boolean): ConditionTest {
  return (fields) => {
    const value = fieldOf(fields, field);
    return !isThere(value) || test(value);
  };
}
