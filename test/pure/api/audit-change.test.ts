import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redacted, toldChange } from "../../../workers/api/audit-change.ts";

const told = (before: unknown, after: unknown) => {
  const change = toldChange(before, after);
  return [change.before && JSON.parse(change.before), change.after && JSON.parse(change.after)];
};

describe("what the audit trail is told of a change", () => {
  it("is what differs of two objects, and all of one alone", () => {
    expect(told({ a: 1, b: [1], c: 3 }, { a: 1, b: [2], d: 4 })).toEqual([
      { b: [1], c: 3 },
      { b: [2], d: 4 },
    ]);
    expect(told(undefined, { a: 1 })).toEqual([null, { a: 1 }]);
    expect(told({ a: 1 }, undefined)).toEqual([{ a: 1 }, null]);
    expect(told(undefined, undefined)).toEqual([null, null]);
  });

  it("leaves out what opens something and what names somebody, wherever it stands", () => {
    const names = [
      "password",
      "newPassword",
      "token",
      "key",
      "link",
      "email",
      "createdBy",
      "userId",
      "text",
      "keyHash",
    ];
    for (const name of names) {
      fc.assert(
        fc.property(fc.string({ minLength: 8 }), fc.nat(3), (secret, depth) => {
          let value: unknown = { [name]: `secret ${secret}` };
          for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { within: value };
          expect([name, JSON.stringify(redacted(value))]).toEqual([name, expect.not.stringContaining("secret ")]);
        }),
        { numRuns: 10 },
      );
    }
    expect(redacted({ hasPassword: true, password: null })).toEqual({ hasPassword: true, password: null });
    expect(redacted({ label: "of ada@example.com, mostly" })).toEqual({ label: "of (left out), mostly" });
  });

  it("keeps long texts short, and says how long what is too long was", () => {
    const [, after] = told(undefined, { note: "x".repeat(2_000) });
    expect(after.note).toHaveLength(501);
    const [, all] = told(
      undefined,
      Array.from({ length: 5_000 }, (_, i) => `value ${i}`),
    );
    expect(Object.keys(all)).toEqual(["(too long)"]);
  });
});
