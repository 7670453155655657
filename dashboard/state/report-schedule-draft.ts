// A schedule as the form has it, and in words. Pure.
import type {
  NewReportSchedule,
  ReportRecipient,
  ReportSchedule,
  ReportWhen,
} from "../../workers/domain/report-schedule.ts";

export type ScheduleDraft = NewReportSchedule;

export const EVERY = {
  day: "Each day",
  week: "Each week",
  month: "Each month",
  cron: "By a pattern",
  alert: "When a rule fires",
} as const satisfies Record<ReportWhen["every"], string>;

export type Every = keyof typeof EVERY;
export const everyKinds = Object.keys(EVERY) as Every[]; // exactly these

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
export const ROLES = ["owner", "admin", "analyst", "viewer"] as const;
const ROLE_TEXT = { owner: "All owners", admin: "All admins", analyst: "All analysts", viewer: "All viewers" } as const;
export const roleText = (role: (typeof ROLES)[number]): string => ROLE_TEXT[role];

const USUAL_TIME = "08:00";

/** Of another kind; its time of day stays. */
export function whenOf(every: Every, before: ReportWhen): ReportWhen {
  const at = "at" in before ? before.at : USUAL_TIME;
  if (every === "day") return { every, at };
  if (every === "week") return { every, weekday: 1, at };
  if (every === "month") return { every, day: 1, at };
  if (every === "cron") return { every, cron: "0 8 * * 1-5" };
  return { every, ruleIds: [] };
}

export function newSchedule(reportId: string | null, given: { timeZone: string; reportName?: string }): ScheduleDraft {
  return {
    name: reportId === null ? "Raw events" : (given.reportName ?? "Report"),
    reportId,
    when: { every: "week", weekday: 1, at: USUAL_TIME },
    timeZone: given.timeZone,
    period: reportId === null ? "7d" : null,
    formats: reportId === null ? ["csv"] : ["html"],
    recipients: [],
    paused: false,
  };
}

export const scheduleFields = (schedule: ReportSchedule): ScheduleDraft => {
  const { name, reportId, when, timeZone, period, formats, recipients, paused } = schedule;
  return { name, reportId, when, timeZone, period, formats, recipients, paused };
};

/** Raw events are files of rows; they have no page. */
export const RAW_FORMATS: readonly ScheduleDraft["formats"][number][] = ["csv", "xlsx", "parquet"];

/** What is sent has changed: formats that it cannot have are left out. */
export function sending(draft: ScheduleDraft, reportId: string | null): ScheduleDraft {
  if (reportId !== null) return { ...draft, reportId };
  const formats = draft.formats.filter((format) => RAW_FORMATS.includes(format));
  return { ...draft, reportId, period: draft.period ?? "7d", formats: formats.length > 0 ? formats : ["csv"] };
}

const rules = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS: Readonly<Record<string, string>> = { one: "st", two: "nd", few: "rd" };
const ordinal = (count: number): string => `${count}${ENDINGS[rules.select(count)] ?? "th"}`;

/** `Each Monday at 08:00`. */
export function whenText(when: ReportWhen, ruleName: (id: string) => string = (id) => id): string {
  switch (when.every) {
    case "day":
      return `Each day at ${when.at}`;
    case "week":
      return `Each ${WEEKDAYS[when.weekday - 1]} at ${when.at}`;
    case "month":
      return `On the ${ordinal(when.day)} of each month at ${when.at}`;
    case "cron":
      return `By the pattern ${when.cron}`;
    case "alert":
      return `When ${when.ruleIds.map((id) => `“${ruleName(id)}”`).join(" or ")} fires`;
  }
}

export function recipientText(recipient: ReportRecipient, channelName: (id: string) => string = (id) => id): string {
  switch (recipient.to) {
    case "person":
      return recipient.email;
    case "role":
      return roleText(recipient.role);
    case "channel":
      return channelName(recipient.channelId);
    case "bucket":
      return `R2: ${recipient.folder}`;
  }
}

const sameRecipient = (one: ReportRecipient, other: ReportRecipient): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Nobody is told twice. */
export const withRecipient = (all: readonly ReportRecipient[], added: ReportRecipient): ReportRecipient[] =>
  all.some((one) => sameRecipient(one, added)) ? [...all] : [...all, added];
