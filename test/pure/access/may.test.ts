import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMay, beyond, may, type Verdict } from "../../../workers/access/may.ts";
import { ACTIONS, type Action, type Actor, type Membership, ROLES } from "../../../workers/domain/access.ts";
import { siteIdSchema } from "../../../workers/domain/site.ts";

const shop = { teamId: "ours", siteId: siteIdSchema.parse("shop") };
const blog = { teamId: "ours", siteId: siteIdSchema.parse("blog") };
const theirs = { teamId: "theirs", siteId: siteIdSchema.parse("theirs") };
const team = { teamId: "ours" };

const person = (...memberships: Membership[]): Actor => ({
  kind: "person",
  person: { id: "p", name: "Ada", email: "ada@example.com" },
  memberships,
});
const member = (role: Membership["role"], scopes: Action[] = []): Actor => person({ teamId: "ours", role, scopes });
const key = (...scopes: ("query" | "import")[]): Actor => ({ kind: "key", id: "k", siteId: shop.siteId, scopes });
const share: Actor = { kind: "share", id: "s", siteId: shop.siteId, boardId: null };

describe("may", () => {
  it.each<[string, Actor, Action, { teamId: string }, Verdict]>([
    ["the operator anything", { kind: "operator" }, "team", theirs, "yes"],
    ["nobody nothing", { kind: "nobody" }, "query", shop, "unseen"],
    ["a viewer query", member("viewer"), "query", blog, "yes"],
    ["a viewer not define", member("viewer"), "define", blog, "no"],
    ["an analyst define", member("analyst"), "define", shop, "yes"],
    ["an analyst not import", member("analyst"), "import", shop, "no"],
    ["an admin invite", member("admin"), "members", team, "yes"],
    ["an admin not rename the team", member("admin"), "team", team, "no"],
    ["an owner rename the team", member("owner"), "team", team, "yes"],
    ["an owner not see another team", member("owner"), "query", theirs, "unseen"],
    ["a custom member what its scopes say", member("custom", ["import"]), "import", shop, "yes"],
    ["a custom member nothing beyond", member("custom", ["import"]), "query", shop, "no"],
    ["a key its scope", key("query"), "query", shop, "yes"],
    ["a key not another scope", key("query"), "import", shop, "no"],
    ["a key not another site of the team", key("query"), "query", blog, "unseen"],
    ["a key not the team", key("query"), "members", team, "unseen"],
    ["a share link query", share, "query", shop, "yes"],
    ["a share link nothing else", share, "define", shop, "no"],
    ["a share link not another site", share, "query", blog, "unseen"],
  ])("lets %s", (_, actor, action, place, verdict) => {
    expect(may(actor, action, place)).toBe(verdict);
  });

  it("counts the best of several proofs", () => {
    const elsewhere = person({ teamId: "theirs", role: "owner", scopes: [] });
    expect(anyMay([elsewhere, share], "query", shop)).toBe("yes");
    expect(anyMay([elsewhere, share], "define", shop)).toBe("no");
    expect(anyMay([], "query", shop)).toBe("unseen");
  });

  it("lets nobody give what they lack, whatever the role", () => {
    const roles = fc.constantFrom(...ROLES);
    const scopes = fc.uniqueArray(fc.constantFrom(...ACTIONS));
    fc.assert(
      fc.property(roles, scopes, scopes, (role, own, wanted) => {
        const actor = member(role, own);
        for (const action of beyond([actor], wanted, team)) expect(may(actor, action, team)).not.toBe("yes");
        expect(beyond([actor], wanted, theirs)).toEqual(wanted);
      }),
    );
  });
});
