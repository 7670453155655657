// TypeScript declarations of a plan, so that a call that does not fit it does not compile.
import { AUTOMATIC_EVENTS } from "./event.ts";
import { isList, type PlanProperty, scalarOf, type TrackingPlan } from "./tracking-plan.ts";

const PRIMITIVES = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  "date-time": "string",
} as const;

/** Ends no comment, whatever people wrote. */
const commentText = (text: string): string => text.replaceAll("*/", "* /").replace(/\s+/g, " ").trim();

const comment = (text: string | undefined, indent: string): string =>
  text ? `${indent}/** ${commentText(text)} */\n` : "";

function typeText(property: PlanProperty, indent: string): string {
  const { values, properties } = property;
  const scalar = scalarOf(property.type);
  const one =
    values !== undefined
      ? values.map((value) => JSON.stringify(value)).join(" | ")
      : scalar === "object"
        ? objectText(properties, indent)
        : PRIMITIVES[scalar];
  if (!isList(property.type)) return one;
  return one.includes("|") ? `(${one})[]` : `${one}[]`;
}

function objectText(properties: Record<string, PlanProperty> | undefined, indent: string): string {
  const all = Object.entries(properties ?? {});
  // Without a word about its properties an object may have any, an event none.
  if (all.length === 0) return "Record<string, unknown>";
  const inner = `${indent}  `;
  const lines = all.map(([name, property]) => {
    const optional = property.required ? "" : "?";
    return `${comment(property.description, inner)}${inner}${JSON.stringify(name)}${optional}: ${typeText(property, inner)};\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}

const automatic = AUTOMATIC_EVENTS.map((name) => `  ${JSON.stringify(name)}: Record<string, unknown>;\n`).join("");

const FOOTER = `/** What the tracker sends by itself needs no line in the plan. */
export interface AutomaticEvents {
${automatic}}

export type PlannedName = keyof PlannedEvents;
type AllEvents = Omit<AutomaticEvents, PlannedName> & PlannedEvents;

/** Where the name is one of several, what fits each of them. */
type PropsOf<Name extends keyof AllEvents> = (
  Name extends unknown ? (props: AllEvents[Name]) => void : never
) extends (props: infer Props) => void
  ? Props
  : never;

/** What may be stated beside the properties. */
interface Stated {
  url?: string;
  revenue?: { amount: number; currency: string };
  callback?: (outcome: { status?: number }) => void;
}

/** An event without required properties may be tracked by its name alone. */
export type TrackPlanned = <Name extends keyof AllEvents>(
  name: Name,
  ...options: Record<string, never> extends PropsOf<Name>
    ? [options?: Stated & { props?: PropsOf<Name> }]
    : [options: Stated & { props: PropsOf<Name> }]
) => void;

/** Calls the snippet's \`window.edgewise\`; before the script is there, the snippet keeps the call. */
export declare const track: TrackPlanned;
`;

/** A file for \`import type\`: the events of the plan, and a \`track\` that takes no others. */
export function planTypes(plan: TrackingPlan, origin: string): string {
  const events = Object.entries(plan.events).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = events.map(([name, { properties, trigger }]) => {
    const props = Object.keys(properties ?? {}).length > 0 ? objectText(properties, "  ") : "Record<string, never>";
    return `${comment(trigger, "  ")}  ${JSON.stringify(name)}: ${props};\n`;
  });
  return `// Made from ${commentText(origin)}; do not edit.\n\nexport interface PlannedEvents {\n${lines.join("")}}\n\n${FOOTER}`;
}
