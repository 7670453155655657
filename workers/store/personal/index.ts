import type { PersonalStore } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { alerts } from "./alerts.ts";
import { archive } from "./archive.ts";
import { backups } from "./backups.ts";
import { filtered } from "./filtered.ts";
import { histories } from "./histories.ts";
import { live } from "./live.ts";
import { quarantine } from "./quarantine.ts";
import { rawEvents } from "./raw-events.ts";
import { reports } from "./reports.ts";
import { rollUps } from "./roll-ups.ts";
import { shards } from "./shards.ts";
import { withoutPersons } from "./without-persons.ts";

/**
 * Every place that may hold something of a person, in the order in which it is erased: what is copied to others first, and the
 * archive before the shards, which read it back.
 */
export const personalStores = {
  archive,
  shards,
  live,
  rawEvents,
  quarantine,
  rollUps,
  histories,
  alerts,
  filtered,
  reports,
  backups,
  exports: withoutPersons(
    "exports",
    "files of answers and raw events",
    "could not hold the person: files are made while they are sent, and none is kept but those of reports; whoever downloaded one before has it still",
  ),
  dataQuality: withoutPersons(
    "dataQuality",
    "scores and findings of data quality, by event and property",
    "could not hold the person: they tell counts, names of events and properties, and what a wrong value is made of, but no value",
  ),
  analyticsEngine: withoutPersons(
    "analyticsEngine",
    "a point for each event, without user, browser or visitor ids, titles or properties",
    "could not hold the person's ids; a page address that itself names them cannot be deleted there and ends with the point, three months after the event",
  ),
  requests: withoutPersons(
    "requests",
    "requests to the API by hour, route and member; replies to repeated requests, encrypted, for a day",
    "could not hold the person: routes are kept without their ids, and of members alone",
  ),
  members: withoutPersons(
    "members",
    "people who sign in to this deployment",
    "could not hold the person: these are members of a team and not users of the site; a member leaves by their own account page",
  ),
  secrets: withoutPersons(
    "secrets",
    "keys by which ids are made",
    "could not hold the person: keys of days are destroyed two days after them, and the key of user ids is made of no one's data",
  ),
} as const satisfies Record<string, PersonalStore<Env>>;

export type PersonalStoreName = keyof typeof personalStores;
