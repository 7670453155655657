import { expect, it } from "vitest";
import { fieldErrors } from "../../../workers/domain/errors.ts";
import { filterSchema } from "../../../workers/domain/query.ts";

const page = ["is", "event:page", ["/"]];
const nested = (depth: number): unknown => (depth === 0 ? page : ["not", nested(depth - 1)]);

it.each<[what: string, filter: unknown, path: string, message: RegExp]>([
  ["an unknown operator", ["equals", "event:page", ["/"]], "filters.0", /"is".* contains, .*"and".*"has_done"/],
  ["no list", "event:page==/", "filters.0", /"is"/],
  ["a condition without values", ["is", "event:page"], "filters.0", /"is"/],
  ["a value without a list", ["is", "event:page", "/"], "filters.0.2", /array/],
  ["a value that is none", ["is", "event:page", ["/", null]], "filters.0.2.1", /a text/],
  ["a modifier of another kind", [...page, { case_sensitive: "no" }], "filters.0.3.case_sensitive", /boolean/],
  ["an unknown operator within", ["or", [page, ["not", ["eq", "a", ["b"]]]]], "filters.0.1.1.1", /"is"/],
  ["another doer", ["has_done", page, { by: "user" }], "filters.0.2.by", /"session"\|"visitor"/],
  ["too deep a nest", nested(11), `filters.0${".1".repeat(10)}`, /10 deep/],
])("a filter with %s is told where it is wrong and what would do", (_, filter, path, message) => {
  const { error } = filterSchema.safeParse(filter);
  expect(fieldErrors(error?.issues ?? [], ["filters", 0])).toEqual([{ path, message: expect.stringMatching(message) }]);
});

it("ten deep is deep enough", () => {
  expect(filterSchema.safeParse(nested(10)).success).toBe(true);
});
