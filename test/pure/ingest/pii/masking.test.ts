import { describe, expect, it } from "vitest";
import { completePii, piiSchema } from "../../../../workers/domain/pii.ts";
import { DEFAULT_PII, type PiiSettings } from "../../../../workers/domain/pii-kind.ts";
import { ingestImported } from "../../../../workers/ingest/imported.ts";
import { aSite, collect, collected, secret, someImportFacts } from "../facts.ts";

const CARD = "4012 8888 8888 1881";
const withPii = (pii: Parameters<typeof completePii>[0]) => ({ site: aSite({ pii: completePii(pii) }) });
const propsOf = (props: Record<string, unknown>, pii: Parameters<typeof completePii>[0] = {}) =>
  collected({ props }, withPii(pii)).props;

function foundIn(beacon: Record<string, unknown>, pii: Parameters<typeof completePii>[0] = {}) {
  const result = collect(beacon, withPii(pii));
  return "reason" in result ? result.reason : result.found;
}

describe("a personal value", () => {
  it("is masked at every place, and counted there", () => {
    const beacon = {
      name: "mail to ann@example.com",
      url: "https://shop.example.com/u/ann%40example.com?utm_term=%2B49+30+1234567&utm_content=ann%2540example.com",
      referrer: "https://other.example.net/ip/203.0.113.7?x=1",
      title: `Card ${CARD} for ann@example.com`,
      props: { "ann@example.com": true, deep: [{ text: "from 203.0.113.7" }], number: 4012888888881881 },
    };
    expect(collected(beacon)).toMatchObject({
      name: "mail to (e-mail)",
      path: "/u/(e-mail)",
      utmTerm: "(phone)",
      utmContent: "(e-mail)",
      referrer: "other.example.net/ip/(ip)",
      title: "Card (card) for (e-mail)",
      props: { "(e-mail)": true, deep: [{ text: "from (ip)" }], number: "(card)" },
    });
    expect(foundIn(beacon)).toEqual({
      "email name": 1,
      "email url": 2,
      "phone url": 1,
      "ip referrer": 1,
      "card title": 1,
      "email title": 1,
      "email property_name": 1,
      "ip property_value": 1,
      "card property_value": 1,
    });
  });

  it.each(
    "q query search_query searchTerm search.text keyword field_value formInput message userMessage comments note answer_2 body".split(
      " ",
    ),
  )("is masked as digits that are all that was typed into %s", (key) => {
    expect(propsOf({ [key]: " 130692544 " })).toEqual({ [key]: " (national id) " });
    expect(propsOf({ [key]: ["911-701234 91170-1234"] })).toEqual({ [key]: ["(national id) (national id)"] });
    for (const kept of ["order 130692544", "130692545.5", "a130692544", "130692544/2", "130692544 pieces"]) {
      expect(propsOf({ [key]: kept }), kept).toEqual({ [key]: kept });
    }
  });

  it("is masked in history, too", () => {
    const line = {
      line: 0,
      at: 1_600_000_000_000,
      visitor: "v",
      name: "pageview",
      url: "https://a.example/ann@b.example",
    };
    const result = ingestImported(
      { ...line, source: "ann@b.example", props: { ip: "203.0.113.7" } },
      someImportFacts(),
    );
    expect(result).toMatchObject({
      event: { path: "/(e-mail)", source: "(e-mail)", props: { ip: "(ip)" } },
      found: { "email url": 1, "ip property_value": 1 },
    });
  });

  it("is not counted where there is none, and the properties stay the same object", () => {
    expect(foundIn({ title: "Pricing", props: { plan: "team", seats: 5 } })).toBeUndefined();
  });

  it("keeps two names apart that are masked alike", () => {
    expect(propsOf({ "a@example.com": 1, "b@example.com": 2 })).toEqual({ "(e-mail)": 1, "(e-mail) 2": 2 });
  });
});

describe("a key that says what its value is", () => {
  it.each([
    [
      { password: "hunter2", pin: 1234 },
      { password: "(secret)", pin: "(secret)" },
    ],
    [
      { first_name: "Jane", "Last-Name": "Roe" },
      { first_name: "(person)", "Last-Name": "(person)" },
    ],
    [{ user: { name: "jroe", plan: "team" } }, { user: { name: "(person)", plan: "team" } }],
    [{ customer: "Jane Roe" }, { customer: "(person)" }],
    [{ name: "Jane van der Roe" }, { name: "(person)" }],
    [{ address: { street: "Main St 5", city: "Berlin" } }, { address: { street: "(person)", city: "Berlin" } }],
    [{ billingPhone: "13812345678" }, { billingPhone: "(phone)" }],
    [{ ssn: "078051123" }, { ssn: "(national id)" }],
    [{ AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI" }, { AWS_SECRET_ACCESS_KEY: "(secret)" }],
    [{ link: "https://a.example/?token=abc&p=1" }, { link: "https://a.example/?token=(secret)&p=1" }],
    [{ log: '{"password":"a b","n":1}' }, { log: '{"password":"(secret)","n":1}' }],
  ])("masks %j", (props, masked) => {
    expect(propsOf(props)).toEqual(masked);
  });

  it.each([
    [{ email: "opened", phone: "iPhone 15", auth: "google" }],
    [{ name: "LCP", value: 2500 }],
    [{ name: "Blue Shirt", price: 5, currency: "EUR" }],
    [{ products: [{ name: "Uno Card Game", sku: "45360-32" }] }],
    [{ campaign: { name: "Spring Sale" } }],
    [{ author: "Rosie", agent_name: "Support Bot", plan_name: "Team Plan" }],
    [{ app_version: "10.0.0.1", input_tokens: 512, at: 1_732_190_400_000 }],
    [{ title: "Password: reset it here", note: "Re: auth" }],
  ])("leaves %j", (props) => {
    expect(propsOf(props)).toEqual(props);
  });
});

describe("the actions", () => {
  const kinds: PiiSettings["kinds"] = { ...DEFAULT_PII.kinds, email: "hash", card: "drop", ip: "off" };

  it("hash gives equal values one name, however written, and another on another site or installation", () => {
    const title = (text: string, facts = withPii({ kinds })) => collected({ title: text }, facts).title;
    expect(title("ann@example.com")).toMatch(/^\(e-mail:[0-9a-f]{8}\)$/);
    expect(title("to Ann@Example.com")).toBe(`to ${title("ann@example.com")}`);
    expect(title("ann@example.com")).not.toBe(title("bob@example.com"));
    const elsewhere = {
      site: { ...aSite({ pii: completePii({ kinds }) }), id: aSite().id.replace("shop", "other") as never },
    };
    expect(title("ann@example.com")).not.toBe(title("ann@example.com", elsewhere));
    const keyed = { ...withPii({ kinds }), identityKey: secret(2) };
    expect(title("ann@example.com")).not.toBe(title("ann@example.com", keyed));
  });

  it("drop leaves out the property, the entry and the words, and says so in an address", () => {
    const event = collected(
      {
        url: `https://a.example/pay/${encodeURIComponent(CARD)}/done`,
        title: `paid by ${CARD} today`,
        props: { card: CARD, [CARD]: 1, list: ["a", CARD], kept: "x" },
      },
      withPii({ kinds }),
    );
    expect(event).toMatchObject({ path: "/pay/(removed)/done", title: "paid by  today" });
    expect(event.props).toEqual({ list: ["a"], kept: "x" });
  });

  it("off leaves a kind alone, and does not count it", () => {
    expect(foundIn({ title: "203.0.113.7" }, { kinds })).toBeUndefined();
    expect(collected({ title: "203.0.113.7" }, withPii({ kinds })).title).toBe("203.0.113.7");
  });
});

describe("the allow-list", () => {
  const allow = { values: ["*@Own-Company.com", "203.0.113.7"], keys: ["Reference"] };

  it("keeps what it names, by value, pattern or key", () => {
    const props = { from: "sales@own-company.com", to: "ann@example.com", reference: CARD, ip: "203.0.113.7" };
    expect(propsOf(props, { allow })).toEqual({ ...props, to: "(e-mail)" });
  });
});

describe("a site's own patterns", () => {
  const own = (action: "mask" | "hash" | "drop") => ({
    patterns: [{ name: "customer no", pattern: "KND-\\d{6}", action }],
  });

  it("are masked by their name, hashed or dropped, and counted together", () => {
    expect(propsOf({ note: "see KND-123456!" }, own("mask"))).toEqual({ note: "see (customer no)!" });
    expect(propsOf({ note: "see KND-123456!" }, own("hash"))).toEqual({
      note: expect.stringMatching(/^see \(customer no:[0-9a-f]{8}\)!$/),
    });
    expect(propsOf({ note: "see KND-123456!", n: 1 }, own("drop"))).toEqual({ n: 1 });
    expect(foundIn({ title: "KND-123456 KND-654321" }, own("mask"))).toEqual({ "own title": 2 });
  });

  it.each([
    ["(", "RE2 syntax"],
    ["(?=a)b", "RE2 syntax"],
    ["(a)\\1", "RE2 syntax"],
    ["a*", "name at least one character"],
    ["((a{100}){100}){100}", "RE2 syntax"],
    ["(a{40}){20}", "too large"],
  ])("are refused when they cannot run safely: %s", (pattern, message) => {
    const result = piiSchema.safeParse({ patterns: [{ name: "x", pattern }] });
    const [issue] = result.error?.issues ?? [];
    expect(issue?.path).toEqual(["patterns", 0, "pattern"]);
    expect(issue?.message).toContain(message);
  });
});

describe("settings", () => {
  it("mask every kind when nothing is said", () => {
    expect(piiSchema.parse({})).toEqual(DEFAULT_PII);
    expect(new Set(Object.values(DEFAULT_PII.kinds))).toEqual(new Set(["mask"]));
  });

  it("of before a kind was added mask it", () => {
    expect(completePii({ kinds: { email: "off" } }).kinds).toEqual({ ...DEFAULT_PII.kinds, email: "off" });
  });
});
