// What was expected of a metric along time, beside the answer of a chart: which questions have it, and how it is asked for.
import { useEffect, useState } from "preact/hooks";
import type { Expected } from "../../workers/api/answers.ts";
import { refreshes } from "./answers.ts";
import { type Reply, request } from "./api.ts";
import { type Asked, isAnalysis } from "./content.ts";
import { sitePath } from "./sites.ts";

export type ExpectedPoint = Expected["points"][number];

/** In the address, where it is switched on. */
export const SWITCH = "expected";

/** The door of a question about one metric by hour or by day; null for any other, of which nothing is expected. */
export function expectedPath(asked: Asked): string | null {
  if (isAnalysis(asked)) return null;
  const { site_id, metrics, dimensions = [], date_range, filters = [] } = asked;
  const [metric] = metrics;
  const [, grain] = /^time:(hour|day)$/.exec(dimensions[0] ?? "") ?? [];
  const isOne = metrics.length === 1 && dimensions.length === 1;
  if (metric === undefined || grain === undefined || !isOne || date_range === "all") return null;
  const range: Record<string, string> =
    typeof date_range === "string" ? { date_range } : { from: date_range[0], to: date_range[1] };
  const search = new URLSearchParams({ metric, grain, ...range, filters: JSON.stringify(filters) });
  return `${sitePath(site_id)}/anomalies?${search}`;
}

/** Null until it is there, and where none is asked for. */
export function useExpected(path: string | null): Reply<Expected> | null {
  const [held, hold] = useState<{ path: string; reply: Reply<Expected> } | null>(null);
  const turn = refreshes.value;
  useEffect(() => {
    if (path === null) return undefined;
    let current = true;
    void request<Expected>(path).then((reply) => {
      if (current) hold({ path, reply });
    });
    return () => {
      current = false;
    };
  }, [path, turn]);
  return held && held.path === path ? held.reply : null;
}
