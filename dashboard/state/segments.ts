// Filters that the site keeps under names.
import { signal } from "@preact/signals";
import type { Segment } from "../../workers/domain/segment.ts";
import { type Reply, request } from "./api.ts";
import { toFilter } from "./questions.ts";
import { sitePath } from "./sites.ts";
import type { ViewFilter } from "./view.ts";

/** By site, once they were asked for. */
export const segments = signal<Readonly<Record<string, readonly Segment[]>>>({});

const pathOf = (siteId: string): string => `${sitePath(siteId)}/segments`;

export async function loadSegments(siteId: string): Promise<void> {
  const reply = await request<{ segments: Segment[] }>(pathOf(siteId));
  if (reply.ok) segments.value = { ...segments.value, [siteId]: reply.value.segments };
}

export async function saveSegment(
  siteId: string,
  segment: { name: string; filters: readonly ViewFilter[] },
): Promise<Reply<Segment>> {
  const send = { name: segment.name, filters: segment.filters.map(toFilter) };
  const reply = await request<Segment>(pathOf(siteId), { method: "POST", send });
  if (reply.ok) await loadSegments(siteId);
  return reply;
}

export async function removeSegment(siteId: string, id: number): Promise<Reply<null>> {
  const reply = await request<null>(`${pathOf(siteId)}/${id}`, { method: "DELETE" });
  if (reply.ok) await loadSegments(siteId);
  return reply;
}

export function segmentName(siteId: string, id: string): string {
  return segments.value[siteId]?.find((segment) => String(segment.id) === id)?.name ?? id;
}
