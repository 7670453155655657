// Numbers as sentences have them, in English.
import type { Unit } from "../catalog/metric.ts";
import { amountOf, type MetricValue, moneyOf } from "../domain/money.ts";
import type { Query } from "../domain/query.ts";
import type { Figure } from "./insight.ts";

const plain = (value: number, digits: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: digits });

const two = (part: number) => String(part).padStart(2, "0");

/** `38s`, `2m 05s`, `1h 04m`. */
function duration(seconds: number): string {
  const total = Math.round(seconds);
  if (total < 60) return `${total}s`;
  if (total < 3600) return `${Math.floor(total / 60)}m ${two(total % 60)}s`;
  return `${Math.floor(total / 3600)}h ${two(Math.floor((total % 3600) / 60))}m`;
}

export function valueText(value: MetricValue, unit: Unit): string {
  const amount = amountOf(value);
  if (amount === null) return "–";
  if (typeof value === "object" && value !== null) return value.long;
  switch (unit) {
    case "percent":
      return `${plain(amount, 1)}%`;
    case "seconds":
      return duration(amount);
    case "milliseconds":
      return duration(amount / 1000);
    case "dollars":
      return moneyOf(amount, "USD").long;
    case "count":
    case "bytes":
      return plain(amount, 0);
    default:
      return plain(amount, 2);
  }
}

/** Without its sign: `32%`, `4.1%`. */
export const percentText = (percent: number): string => `${plain(Math.abs(percent), Math.abs(percent) < 10 ? 1 : 0)}%`;

/** Without its sign: `6.2 points`. */
export const pointsText = (points: number): string => `${plain(Math.abs(points), 1)} points`;

interface Told {
  metric: string;
  unit: Unit;
  query?: Query | null;
}

export function figure(name: string, value: MetricValue, { metric, unit, query = null }: Told): Figure {
  return { name, metric, value: amountOf(value), text: valueText(value, unit), query };
}

/** A change or a share, reckoned from other figures. */
export function reckoned(name: string, metric: string, told: { value: number; text: string }): Figure {
  return { name, metric, ...told, query: null };
}

/** Of a list that is cut off. */
export const notShown = (more: number): string => `${more} more ${more === 1 ? "is" : "are"} not shown.`;
