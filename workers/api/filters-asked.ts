// Filters in the address of a reading door: a list as the query takes them, as JSON.
import * as z from "zod";
import { fieldErrors } from "../domain/errors.ts";
import { type Filter, filterSchema } from "../domain/query.ts";
import { invalidField, invalidFields } from "./problem.ts";

export const filtersText = z.string().max(20_000).default("[]");

export function filtersAsked(text: string): Filter[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalidField("filters", 'use JSON such as [["is","visit:country",["DE"]]]');
  }
  const parsed = z.array(filterSchema).max(50).safeParse(json);
  if (parsed.success) return parsed.data;
  const within = fieldErrors(parsed.error.issues);
  throw invalidFields(within.map(({ path, message }) => ({ path: path ? `filters.${path}` : "filters", message })));
}
