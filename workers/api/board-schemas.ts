// Boards as the API takes and tells of them.
import * as z from "zod";
import { type BoardTemplateName, boards as templates } from "../catalog/boards/index.ts";
import { type Board, boardShape, gridSchema, newBoardSchema } from "../domain/board.ts";
import { nextSchema } from "./paging.ts";
import { resourceReply } from "./resource-reply.ts";

const templateNames = Object.keys(templates) as BoardTemplateName[]; // its own keys

/** A board of a template, under another name or its own. */
const fromTemplateSchema = z.strictObject({
  template: z.enum(templateNames, `use one of ${templateNames.join(", ")}`),
  name: newBoardSchema.shape.name.optional(),
  visibility: newBoardSchema.shape.visibility,
});

/** What a body is read by. */
export const madeBoardSchema = z.unknown().transform((body, context) => {
  const isTemplate = typeof body === "object" && body !== null && "template" in body;
  const parsed = isTemplate ? fromTemplateSchema.safeParse(body) : newBoardSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path: [...path], message });
  return z.NEVER;
});

/** The same, as the document tells of it. */
export const madeBoardShape = z.union([boardShape, fromTemplateSchema]);

export const boardReply = boardShape
  .extend({ ...resourceReply, layout: z.record(z.string(), gridSchema) })
  .meta({ id: "Board" }) satisfies z.ZodType<Board>;

export const boardsReply = z.strictObject({
  boards: z.array(
    z.strictObject({
      ...boardShape.pick({ name: true, about: true, visibility: true }).shape,
      ...resourceReply,
      panels: z.int(),
    }),
  ),
  ...nextSchema,
});
