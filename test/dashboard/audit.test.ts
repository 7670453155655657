import { describe, expect, it } from "vitest";
import { differences, whoOf } from "../../dashboard/state/audit.ts";

describe("an act on the page of the audit trail", () => {
  it("shows what changed, a line for each field", () => {
    expect(differences({ name: "A", hosts: [] }, { name: "B", hosts: ["x"] })).toEqual([
      { field: "name", before: "A", after: "B" },
      { field: "hosts", before: "[]", after: '["x"]' },
    ]);
    expect(differences(null, { role: "viewer" })).toEqual([{ field: "role", before: "", after: "viewer" }]);
    expect(differences("not JSON", null)).toEqual([{ field: "", before: "not JSON", after: "" }]);
    expect(differences(null, null)).toEqual([]);
  });

  it("names who acted, also when they have left", () => {
    expect(whoOf({ actor: "person 1", name: "Ada" })).toBe("Ada");
    expect(whoOf({ actor: "person 1", name: null })).toBe("Somebody who left");
    expect(whoOf({ actor: "key 12345678-9", name: null })).toBe("API key 12345678");
    expect(whoOf({ actor: "job pruneRaw", name: null })).toBe("The job pruneRaw");
  });
});
