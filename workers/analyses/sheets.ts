// Results of analyses as rows for a file: one row for each figure that stands by itself, so that other tools can pivot them.
import { type Cell, numberColumn, type Sheet, textColumn } from "../domain/sheet.ts";
import type { FunnelResult } from "./funnel.ts";
import type { FunnelStep, Timing } from "./funnel-groups.ts";
import type { PathsResult } from "./path-sankey.ts";
import type { PropertiesResult } from "./properties.ts";
import type { RetentionResult } from "./retention.ts";

const TIMES = ["mean_ms", "median_ms", "p90_ms"] as const;
const timesOf = (timing: Timing | null): Cell[] => TIMES.map((name) => timing?.[name] ?? null);

function stepCells(step: FunnelStep, place: number): Cell[] {
  const { name, count, dropped, from_first, from_previous, since_previous, since_first } = step;
  const counts = [place + 1, name, count, dropped, from_first, from_previous];
  return [...counts, ...timesOf(since_previous), ...timesOf(since_first)];
}

/** A row a step; with a breakdown a row for each value's steps, and those of all without a value. */
export function funnelSheet({ by, steps, breakdown }: FunnelResult): Sheet {
  const columns = [
    numberColumn("step"),
    textColumn("name"),
    ...["count", "dropped", "from_first", "from_previous"].map(numberColumn),
    ...TIMES.map((time) => numberColumn(`since_previous_${time}`)),
    ...TIMES.map((time) => numberColumn(`since_first_${time}`)),
  ];
  const facts = [["Counted by", by]] as const;
  if (!breakdown) return { columns, rows: steps.map(stepCells), facts };
  const groups = [{ value: null, steps }, ...breakdown];
  const rows = groups.flatMap(({ value, steps: own }) => own.map((step, place) => [value, ...stepCells(step, place)]));
  return { columns: [textColumn("value"), ...columns], rows, facts };
}

/** A row for each cohort and bucket since, as far as the period reaches. */
export function retentionSheet({ granularity, kind, by, cohorts, left_out }: RetentionResult): Sheet {
  return {
    columns: [textColumn("cohort"), ...["size", "since", "returned"].map(numberColumn)],
    rows: cohorts.flatMap(({ cohort, size, returned }) => returned.map((count, since) => [cohort, size, since, count])),
    facts: [
      ["Cohorts", `${granularity}s of ${by}s, ${kind}`],
      ["Left out", `${left_out} visitors whose ids change daily`],
    ],
  };
}

/** A row for each way from step to step, in order of time; nothing before or after it where paths stop. */
export function pathsSheet({ sessions, nodes, links }: PathsResult, asked: { to?: unknown }): Sheet {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const cells = (id: string | null): Cell[] => {
    const node = id === null ? undefined : byId.get(id);
    return node ? [node.step, node.kind, node.value] : [null, null, null];
  };
  const stops = nodes.flatMap(({ id, stops: count }) => {
    if (!count) return [];
    return [asked.to === undefined ? [...cells(id), ...cells(null), count] : [...cells(null), ...cells(id), count]];
  });
  return {
    columns: [
      ...[numberColumn("step"), textColumn("kind"), textColumn("value")],
      ...[numberColumn("next_step"), textColumn("next_kind"), textColumn("next_value")],
      numberColumn("sessions"),
    ],
    rows: [
      ...links.map(({ source, target, sessions: count }) => [...cells(source), ...cells(target), count]),
      ...stops,
    ],
    facts: [["Sessions", String(sessions)]],
  };
}

/** A row a value where a property was asked for, else a row a property. */
export function propertiesSheet({ properties, values }: PropertiesResult): Sheet {
  if (values) {
    const { rows, rest } = values;
    return {
      columns: [textColumn("value"), numberColumn("events"), numberColumn("visitors")],
      rows: rows.map(({ value, events, visitors }) => [value, events, visitors]),
      facts: [["Left out", `${rest.values} values of ${rest.events} events`]],
    };
  }
  const figures = ["count", "sum", "min", "max", "mean"] as const;
  return {
    columns: [
      textColumn("name"),
      numberColumn("events"),
      ...figures.map((figure) => numberColumn(`numeric_${figure}`)),
    ],
    rows: properties.map(({ name, events, numeric }) => [
      name,
      events,
      ...figures.map((figure) => numeric?.[figure] ?? null),
    ]),
  };
}
