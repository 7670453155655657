// Boards: panels with questions, on a grid. What a question may say is checked by query; here only its grammar.

import * as z from "zod";
import { CHARTS, GRID_COLUMNS, isPlainChart, MOST_PANELS } from "./chart.ts";
import { comparisonSchema, dateRangeSchema, filterSchema, querySchema } from "./query.ts";
import { analysisQuerySchema } from "./question.ts";
import { type Resource, resourceName } from "./resource.ts";

const MOST_ROWS = 10_000;

export const gridSchema = z
  .strictObject({
    x: z
      .int()
      .min(0)
      .max(GRID_COLUMNS - 1),
    y: z.int().min(0).max(MOST_ROWS),
    w: z.int().min(1).max(GRID_COLUMNS),
    h: z.int().min(1).max(100),
  })
  .refine(({ x, w }) => x + w <= GRID_COLUMNS, `x and w together must be ${GRID_COLUMNS} or less`);

/** A person's own places of a board's panels, by the panel's id. */
export const layoutSchema = z
  .strictObject({ panels: z.record(z.string().max(60), gridSchema) })
  .refine(({ panels }) => Object.keys(panels).length <= MOST_PANELS, `name ${MOST_PANELS} panels or fewer`);

/** Without `date_range` it is asked of the board's period. */
const plainQuestion = querySchema.omit({ site_id: true }).partial({ date_range: true });
const analysisQuestion = analysisQuerySchema.omit({ site_id: true }).partial({ date_range: true });

export type PanelQuestion = z.infer<typeof plainQuestion> | z.infer<typeof analysisQuestion>;

/** Told apart by `analysis`, so that mistakes are those of the kind that was meant. */
export const panelQuestionSchema = z.unknown().transform((body, context): PanelQuestion => {
  const isAnalysis = typeof body === "object" && body !== null && "analysis" in body;
  const parsed = (isAnalysis ? analysisQuestion : plainQuestion).safeParse(body);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path: [...path], message });
  return z.NEVER;
});

/** The same, as documents tell of it. */
export const panelQuestionShape = z.union([plainQuestion, analysisQuestion]);

function boardOf<Question extends z.ZodType<PanelQuestion>>(question: Question) {
  const panel = z
    .strictObject({
      /** Made by the client, and another for each panel of the board. */
      id: z.string().min(1).max(60),
      title: z.string().trim().max(200).default(""),
      chart: z.enum(CHARTS),
      /** Null for text and insights. */
      question: question.nullable().default(null),
      text: z.string().max(10_000).optional(),
      grid: gridSchema,
    })
    .superRefine((one, context) => {
      const isPlain = isPlainChart(one.chart);
      if (isPlain === (one.question === null)) return;
      const message = isPlain ? `must be null for the chart ${one.chart}` : `the chart ${one.chart} needs a question`;
      context.addIssue({ code: "custom", path: ["question"], message });
    });
  return z.strictObject({
    name: resourceName,
    about: z.string().trim().max(1000).default(""),
    /** Null for the reader's own choice. */
    period: dateRangeSchema.nullable().default(null),
    compare: comparisonSchema.nullable().default(null),
    filters: z.array(filterSchema).max(20).default([]),
    panels: z
      .array(panel)
      .max(MOST_PANELS)
      .superRefine((panels, context) => {
        const ids = panels.map(({ id }) => id);
        for (const [index, id] of ids.entries()) {
          if (ids.indexOf(id) === index) continue;
          context.addIssue({ code: "custom", path: [index, "id"], message: `another panel has the id ${id}` });
        }
      })
      .default([]),
    /** A private board is its maker's alone. */
    visibility: z.enum(["team", "private"]).default("team"),
  });
}

/** What bodies are read by. */
export const newBoardSchema = boardOf(panelQuestionSchema);
/** The same, as documents tell of it. */
export const boardShape = boardOf(panelQuestionShape);

export type NewBoard = z.infer<typeof newBoardSchema>;
/** What a client sends: defaults may be left out. */
export type NewBoardInput = z.input<typeof boardShape>;
export type Panel = NewBoard["panels"][number];
export type Grid = z.infer<typeof gridSchema>;
export type Layout = Record<string, Grid>;

export interface Board extends NewBoard, Resource {
  /** Where whoever asks has put the panels; empty for those that stand where the board has them. */
  layout: Layout;
}
