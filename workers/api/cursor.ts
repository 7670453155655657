// Where a list goes on, as text that clients hand back as they got it.
import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import type * as z from "zod";
import { invalidField } from "./problem.ts";

export function cursorText(value: unknown): string {
  return encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)).buffer);
}

export function cursorValue<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(decodeBase64Url(text))));
  } catch {
    throw invalidField("cursor", "is not one that an answer gave; leave it out to begin with the first page");
  }
}
