// What happened at a moment or on some days, written beside the charts, with what others say to it.

import * as z from "zod";
import type { Author, Resource } from "./resource.ts";

const text = z.string().trim().min(1).max(2000);

const spanSchema = z
  .tuple([z.iso.date("use a date such as 2026-11-21"), z.iso.date("use a date such as 2026-11-21")])
  .refine(([first, last]) => first <= last, "the second date must not be before the first");

export const newAnnotationSchema = z.strictObject({
  /** A moment, or the first and the last of some days in the site's time zone. */
  at: z.union(
    [z.iso.datetime({ offset: true }), spanSchema],
    'use a moment such as 2026-11-21T12:00:00Z, or ["2026-11-20", "2026-11-21"]',
  ),
  text,
  /** Of which metric it tells; null for all. */
  metric: z.string().min(1).max(60).nullable().default(null),
  /** Whether the days are unlike others, as holidays are: they may be like a Sunday, and teach nothing of what is usual. */
  exceptional: z.boolean().default(false),
});

export const newCommentSchema = z.strictObject({ text });

export type NewAnnotation = z.infer<typeof newAnnotationSchema>;

export interface AnnotationBody extends NewAnnotation {
  /** What `at` comes to, milliseconds, both included. */
  from: number;
  to: number;
}

export interface AnnotationComment {
  id: string;
  text: string;
  /** Null for those who read by a share link. */
  by: Author | null;
  at: number;
}

export interface Annotation extends AnnotationBody, Resource {
  comments: AnnotationComment[];
}
