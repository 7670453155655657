import type * as z from "zod";
import { fieldErrors } from "../domain/errors.ts";
import type { AppContext } from "./access.ts";
import { invalidFields } from "./problem.ts";

/** What stands behind the `?`, checked against a schema; throws with the name of each bad parameter. */
export function readQuery<Schema extends z.ZodType>(c: AppContext, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(c.req.query());
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error.issues));
  return parsed.data;
}
