import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { EVENT_FIELDS } from "../../workers/domain/event.ts";
import { root } from "./source.ts";

/** The order in which events lie on disks. A new field is appended here and in EVENT_FIELDS; nothing else ever changes. */
const STORED =
  `id name at receivedAt visitorId userId persistentId hostname path title referrer source channel utmSource
  utmMedium utmCampaign utmTerm utmContent country region city browser browserVersion os osVersion device language
  engagementMs scrollDepth revenue props consent timeZone`.split(/\s+/);

it("stored events keep their order of fields: new ones are appended, none is moved or removed", () => {
  expect(EVENT_FIELDS.slice(0, STORED.length)).toEqual(STORED);
  expect(STORED, "append the new field to STORED as well").toHaveLength(EVENT_FIELDS.length);
});

it("migrations are numbered without a gap, so that each database passes through the same ones", () => {
  const numbers = readdirSync(`${root}migrations`)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => Number(name.slice(0, 4)));
  expect(numbers).toEqual(numbers.map((_, i) => i));
});
