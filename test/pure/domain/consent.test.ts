import { describe, expect, it } from "vitest";
import { ALLOWANCES, asksIn, DEFAULT_CONSENT, PURPOSES } from "../../../workers/domain/consent.ts";
import { REGIONS_THAT_ASK } from "../../../workers/domain/consent-regions.ts";
import { siteConsentSchema } from "../../../workers/domain/consent-setting.ts";
import type { Consent } from "../../../workers/domain/event.ts";
import { aSite, collect, collected, someFacts } from "../ingest/facts.ts";

const asking = (changes: object = {}) => ({ ...DEFAULT_CONSENT, mode: "ask" as const, ...changes });

describe("the rule of regions", () => {
  it("asks nobody without mode ask", () => {
    for (const country of ["DE", "US", ""]) expect(asksIn(DEFAULT_CONSENT, country)).toBe(false);
  });

  it.each([
    ["DE", true],
    ["RE", true],
    ["NO", true],
    ["GB", true],
    ["CH", true],
    ["US", false],
    ["TR", false],
    ["", true],
  ])("by default, asks in %j: %s", (country, asks) => {
    expect(asksIn(asking(), country)).toBe(asks);
  });

  it("asks where the site says, and wherever the place is not known", () => {
    const countries = ["DE", "US", "BR", ""];
    const asked = (regions: unknown) => {
      const consent = siteConsentSchema.parse(asking({ regions }));
      return countries.filter((country) => asksIn(consent, country));
    };
    expect(asked("everywhere")).toEqual(countries);
    expect(asked(["BR"])).toEqual(["BR", ""]);
    for (const regions of ["EU", [], ["de"], ["DEU"]]) {
      expect(siteConsentSchema.safeParse(asking({ regions })).success).toBe(false);
    }
  });

  it("knows 27 members of the Union, and no country twice", () => {
    expect(new Set(REGIONS_THAT_ASK).size).toBe(REGIONS_THAT_ASK.length);
    expect(REGIONS_THAT_ASK).toHaveLength(27 + 7 + 3 + 2);
    for (const code of REGIONS_THAT_ASK)
      expect(new Intl.DisplayNames("en", { type: "region" }).of(code)).not.toBe(code);
  });
});

describe("before an answer", () => {
  const silent = asking({ before: "nothing" });
  const at = (country: string) => ({
    site: aSite({ consent: silent }),
    place: { ...someFacts().place, country },
  });

  it("a visitor is counted without an identity, or not at all where the site says so", () => {
    const ids = { userId: "user-7", persistentId: "browser-0123456789" };
    expect(collected(ids, { site: aSite({ consent: asking() }) })).toMatchObject({ userId: "", persistentId: "" });
    expect(collect({}, at("DE"))).toEqual({ reason: "no_answer" });
    expect(collect({}, at(""))).toEqual({ reason: "no_answer" });
    expect(collected({}, at("US")).visitorId).toMatch(/^[0-9a-f]{16}$/);
  });

  it("an answer about something else is none about analytics", () => {
    expect(collect({ consent: { marketing: true } }, at("DE"))).toEqual({ reason: "no_answer" });
    expect(collected({ consent: { analytics: true } }, at("DE")).consent?.analytics).toBe("granted");
    expect(collect({ consent: { analytics: false } }, at("US"))).toEqual({ reason: "no_consent" });
  });
});

describe("what each purpose allows", () => {
  const sent = {
    userId: "user-7",
    persistentId: "browser-0123456789",
    url: "https://shop.example.com/?utm_source=news&utm_medium=email&utm_campaign=may&utm_term=reader-7&utm_content=c&gclid=click-4711",
  };
  const kept = (consent: Partial<Record<keyof Consent, boolean>>, name = "pageview") => {
    const event = collected({ ...sent, name, consent });
    const { userId, persistentId, utmCampaign, utmTerm, utmContent, channel } = event;
    expect(JSON.stringify(event)).not.toContain("click-4711");
    return { person: userId !== "" && persistentId !== "", utmCampaign, term: utmTerm + utmContent, channel };
  };
  const campaign = { utmCampaign: "may", channel: "Paid Other" };

  it("is said of every purpose", () => {
    expect(Object.keys(ALLOWANCES).sort()).toEqual([...PURPOSES].sort());
  });

  it.each([
    [{ analytics: true, experience: true, marketing: true }, "pageview", true, "reader-7c"],
    [{ analytics: true }, "pageview", true, "reader-7c"],
    [{ analytics: true, marketing: false }, "pageview", true, ""],
    [{ marketing: true, experience: true }, "pageview", false, "reader-7c"],
    [{ analytics: true, experience: true }, "experiment_exposed", true, "reader-7c"],
    [{ analytics: true, experience: false }, "experiment_exposed", false, "reader-7c"],
    [{ analytics: true }, "feature_exposed", false, "reader-7c"],
    [{}, "pageview", false, "reader-7c"],
  ])("%j on %s: identified %s, term and content %j", (consent, name, person, term) => {
    expect(kept(consent, name)).toEqual({ ...campaign, person, term });
  });
});

describe("a user or browser that took consent back", () => {
  const ids = { userId: "user-7", persistentId: "browser-0123456789", consent: { analytics: true } };
  const { userId, persistentId } = collected(ids);

  it.each([userId, persistentId])("is refused, whatever the beacon says", (pseudonym) => {
    const facts = { withdrawn: new Set([pseudonym]) };
    expect(collect(ids, facts)).toEqual({ reason: "withdrawn" });
    expect(collected({ ...ids, consent: {} }, facts)).toMatchObject({ userId: "", persistentId: "" });
  });
});
