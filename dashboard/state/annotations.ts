// What happened at a moment or on some days, written beside the charts, with what others say to it.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Annotation } from "../../workers/domain/annotation.ts";
import { refreshes } from "./answers.ts";
import { type Reply, request } from "./api.ts";
import { localDay } from "./days.ts";
import { sitePath } from "./sites.ts";

const pathOf = (siteId: string): string => `${sitePath(siteId)}/annotations`;

/** Those of the days that are looked at. */
export const annotations = signal<readonly Annotation[]>([]);

interface Days {
  from: string;
  to: string;
}

async function load(siteId: string, { from, to }: Days): Promise<void> {
  const reply = await request<{ annotations: Annotation[] }>(`${pathOf(siteId)}?from=${from}&to=${to}`);
  if (reply.ok) annotations.value = reply.value.annotations.toSorted((a, b) => a.from - b.from);
}

/** Keeps the days' annotations at hand while the component is shown. */
export function useAnnotations(siteId: string, { from, to }: Days): readonly Annotation[] {
  const turn = refreshes.value;
  useEffect(() => void load(siteId, { from, to }), [siteId, from, to, turn]);
  return annotations.value.filter((one) => one.siteId === siteId);
}

export interface Draft {
  from: string;
  to: string;
  text: string;
  exceptional: boolean;
}

export const makeAnnotation = (siteId: string, { from, to, text, exceptional }: Draft): Promise<Reply<Annotation>> =>
  request(pathOf(siteId), { method: "POST", send: { at: [from, to === "" ? from : to], text, exceptional } });

export const removeAnnotation = (siteId: string, { id }: Annotation): Promise<Reply<null>> =>
  request(`${pathOf(siteId)}/${id}`, { method: "DELETE" });

export const comment = (siteId: string, { id }: Annotation, text: string): Promise<Reply<unknown>> =>
  request(`${pathOf(siteId)}/${id}/comments`, { method: "POST", send: { text } });

/** Its first day, local to the site. */
export const dayOf = ({ from }: Annotation, timeZone: string): string => localDay(from, timeZone);
