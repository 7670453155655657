import * as z from "zod";
import { siteIdSchema } from "../domain/site.ts";

export const authorReply = z.strictObject({ id: z.string(), name: z.string() }).nullable();

/** What every resource says of itself. */
export const resourceReply = {
  id: z.string(),
  siteId: siteIdSchema,
  version: z.int(),
  createdBy: authorReply,
  createdAt: z.int(),
  updatedAt: z.int(),
};
