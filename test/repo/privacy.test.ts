import { describe, expect, it } from "vitest";
import { EVENT_FIELDS } from "../../workers/domain/event.ts";
import { readSource } from "./source.ts";

/** Names in backticks in the first column of the table of fields. */
function fieldsTold(text: string): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith("What is collected")) ?? "";
  const cells = [...section.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
}

describe("docs/privacy.md", () => {
  it("tells of every field of a stored event, once, and of no other", () => {
    const told = fieldsTold(readSource("docs/privacy.md").text);
    expect(told.toSorted()).toEqual([...EVENT_FIELDS].sort());
  });

  it("would not pass without one of them", () => {
    const text = readSource("docs/privacy.md").text.replace("| `language` |", "| language |");
    expect(fieldsTold(text)).not.toContain("language");
  });
});
