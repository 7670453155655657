// Who is woken after whom: rotations of people, and policies of steps. The dashboard takes types alone from here.
import * as z from "zod";
import { clock } from "./alert.ts";
import { type Resource, resourceName } from "./resource.ts";
import { timeZoneSchema } from "./site.ts";

const channels = z.array(z.string().min(1).max(60)).max(10);

const personSchema = z
  .strictObject({
    /** Unique in the rotation. A member is told by the name that they have. */
    name: resourceName,
    /** Id of a member of the site's team; null for somebody else. */
    member: z.string().min(1).max(60).nullable().default(null),
    /** Ids of the site's channels that reach them; none: a member's own e-mail address. */
    channels: channels.default([]),
  })
  .refine(({ member, channels }) => member !== null || channels.length > 0, {
    path: ["channels"],
    message: "name a channel that reaches them",
  });

/** Milliseconds; whoever is named stands in. */
const overrideSchema = z
  .strictObject({ from: z.int().min(0), until: z.int().min(0), person: resourceName })
  .refine(({ from, until }) => from < until, { path: ["until"], message: "must be after from" });

export const rotationSchema = z
  .strictObject({
    name: resourceName,
    timeZone: timeZoneSchema.default("UTC"),
    every: z.enum(["day", "week"]).default("week"),
    /** Local time of the hand-over. */
    at: clock.default("09:00"),
    /** A day on which the first of the people takes over; of a weekly rotation the hand-over is on its weekday. */
    start: z.iso.date("use a date such as 2026-11-23"),
    /** In their order. */
    people: z.array(personSchema).min(1, "name somebody").max(50),
    /** Where they overlap the later in the list counts. */
    overrides: z.array(overrideSchema).max(100, "remove those that are over").default([]),
  })
  .check(({ value: { people, overrides }, issues }) => {
    const names = people.map(({ name }) => name);
    const members = people.map(({ member }) => member);
    for (const [index, member] of members.entries()) {
      if (member === null || members.indexOf(member) === index) continue;
      issues.push({ code: "custom", input: member, path: ["people", index, "member"], message: "is there twice" });
    }
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      issues.push({ code: "custom", input: name, path: ["people", index, "name"], message: "is there twice" });
    }
    for (const [index, { person }] of overrides.entries()) {
      if (names.includes(person)) continue;
      issues.push({
        code: "custom",
        input: person,
        path: ["overrides", index, "person"],
        message: "is not one of the people",
      });
    }
  });

const stepSchema = z
  .strictObject({
    /** Since the step before, or since the incident fired. */
    afterMinutes: z.int().min(0).max(1440),
    channels: channels.default([]),
    /** Ids of rotations: whoever is on call then. */
    rotations: z.array(z.string().min(1).max(60)).max(10).default([]),
  })
  .refine(({ channels, rotations }) => channels.length + rotations.length > 0, "name a channel or a rotation");

export const escalationPolicySchema = z
  .strictObject({
    name: resourceName,
    steps: z.array(stepSchema).min(1).max(10),
    /** How often all steps are done again while nobody acknowledges. */
    repeats: z.int().min(0).max(10).default(0),
    /** After the last step. */
    repeatAfterMinutes: z.int().min(1).max(1440).default(15),
  })
  .check(({ value: { steps }, issues }) => {
    for (const [index, { afterMinutes }] of steps.entries()) {
      if (index === 0 || afterMinutes > 0) continue;
      issues.push({
        code: "custom",
        input: afterMinutes,
        path: ["steps", index, "afterMinutes"],
        message: "leave the step before a minute or more; name both in one step to tell them at once",
      });
    }
  });

export type NewRotation = z.infer<typeof rotationSchema>;
export type NewEscalationPolicy = z.infer<typeof escalationPolicySchema>;
export type OnCallPerson = NewRotation["people"][number];

export interface Rotation extends NewRotation, Resource {}
export interface EscalationPolicy extends NewEscalationPolicy, Resource {}

/** Somebody's time; milliseconds. */
export interface Shift {
  from: number;
  until: number;
  /** Null where all of the rotation have left the team. */
  person: string | null;
  isOverride: boolean;
  /** Whose turn it is, and who have left the team. */
  skipped: string[];
}
