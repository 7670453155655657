// Reports as they are composed, framed and scheduled: the pure parts of their pages.
import { describe, expect, it } from "vitest";
import { cronTimes } from "../../dashboard/state/cron-times.ts";
import { framedHtml } from "../../dashboard/state/framed-html.ts";
import {
  complaintOf,
  isChanged,
  moved,
  newSection,
  periodText,
  previewed,
  QUESTION_STARTS,
  reportFields,
  sectionKinds,
  sectionName,
} from "../../dashboard/state/report-draft.ts";
import { momentOf, nextMoments } from "../../dashboard/state/report-moments.ts";
import {
  newSchedule,
  recipientText,
  sending,
  whenOf,
  whenText,
  withRecipient,
} from "../../dashboard/state/report-schedule-draft.ts";
import { nextOf } from "../../dashboard/state/report-schedules.ts";
import { newReportSchema, type Report } from "../../workers/domain/report.ts";
import { type ReportSchedule, reportScheduleSchema } from "../../workers/domain/report-schedule.ts";

const aReport = (part: Partial<Report> = {}): Report => ({
  ...newReportSchema.parse({ name: "Weekly" }),
  ...{ id: "r1", siteId: "shop.example" as Report["siteId"], version: 3, createdBy: null, createdAt: 1, updatedAt: 1 },
  ...part,
});

describe("a report in the making", () => {
  it("takes a new section of every kind that the API reads once something is chosen", () => {
    const chosen = { funnelId: "f1", boardId: "b1" };
    for (const kind of sectionKinds) {
      const section = newSection(kind, "s1");
      const whole = Object.fromEntries(
        Object.entries(section).map(([k, v]) => [k, v === "" ? (chosen[k as "boardId"] ?? v) : v]),
      );
      expect(newReportSchema.safeParse({ name: "One", sections: [whole] }).error, kind).toBeUndefined();
    }
  });

  it("offers questions that the API reads", () => {
    for (const { label, chart, question } of QUESTION_STARTS) {
      const sections = [{ ...newSection("question", "s1"), chart, question }];
      expect(newReportSchema.safeParse({ name: "One", sections }).error, label).toBeUndefined();
    }
  });

  it("moves a section to another place, and no further than the ends", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
    expect(moved(["a", "b", "c"], 1, 9)).toEqual(["a", "c", "b"]);
    expect(moved(["a", "b", "c"], 0, -4)).toEqual(["a", "b", "c"]);
  });

  it("knows whether something was changed", () => {
    const report = aReport();
    expect(isChanged(report, reportFields(report))).toBe(false);
    expect(isChanged(report, { ...reportFields(report), name: "Other" })).toBe(true);
  });

  it("is previewed without what is not chosen yet, and with a name", () => {
    const sections = [newSection("board", "s1"), newSection("insights", "s2"), newSection("funnel", "s3")];
    const asked = previewed({ ...reportFields(aReport()), name: " ", sections });
    expect(asked.sections.map(({ id }) => id)).toEqual(["s2"]);
    expect(newReportSchema.safeParse(asked).success).toBe(true);
  });

  it("tells which section a complaint is about", () => {
    expect(complaintOf("sections.2.question.metrics.0")).toEqual({ section: 2, field: "question.metrics.0" });
    expect(complaintOf("sections.0")).toEqual({ section: 0, field: "" });
    expect(complaintOf("name")).toBeNull();
  });

  it("is called by its words", () => {
    expect(sectionName({ kind: "quality", title: "" })).toBe("Data quality");
    expect(sectionName({ kind: "quality", title: "Checks" })).toBe("Checks");
    expect(["7d", "14d", "3mo", "all"].map((range) => periodText(range as "7d"))).toEqual([
      "Last 7 days",
      "Last 14 days",
      "Last 3 months",
      "All time",
    ]);
    expect(periodText(["2026-11-01", "2026-11-07"])).toBe("2026-11-01 to 2026-11-07");
  });
});

describe("HTML for a frame", () => {
  it("puts styles aside, and leaves what the reader sees", () => {
    const { html, sheets } = framedHtml(
      '<head><style type="text/css">p { color: red }</style></head><p title="a > b" style="color:#333">Use style="x" here</p>',
    );
    expect(sheets).toEqual(["p { color: red }"]);
    expect(html).toBe('<head></head><p title="a > b" data-framed-style="color:#333">Use style="x" here</p>');
  });

  it("takes every style of a tag with several lines and other attributes", () => {
    const { html } = framedHtml(
      `<td\n  width="10"\n  style='padding:0'><img src="data:image/png;base64,aa" style="width:1px">`,
    );
    expect(html).not.toMatch(/\sstyle=/);
    expect(html.match(/data-framed-style=/g)).toHaveLength(2);
  });
});

const at = (text: string) => Date.parse(text);
const inUtc = (moments: number[]) => moments.map((moment) => new Date(moment).toISOString().slice(0, 16));

describe("the next moments of a schedule", () => {
  it("keep their local time when clocks are set", () => {
    const asked = { timeZone: "Europe/Berlin", after: at("2026-10-24T09:00:00Z"), count: 2 };
    expect(inUtc(nextMoments({ every: "day", at: "08:00" }, asked))).toEqual(["2026-10-25T07:00", "2026-10-26T07:00"]);
    const spring = { ...asked, after: at("2026-03-28T08:00:00Z") };
    expect(inUtc(nextMoments({ every: "day", at: "08:00" }, spring))).toEqual(["2026-03-29T06:00", "2026-03-30T06:00"]);
  });

  it("come where clocks are set forward over them, and once where they come twice", () => {
    expect(inUtc([momentOf("2026-03-29 02:30", "Europe/Berlin")])).toEqual(["2026-03-29T01:00"]);
    expect(inUtc([momentOf("2026-10-25 02:30", "Europe/Berlin")])).toEqual(["2026-10-25T00:30"]);
    expect(inUtc([momentOf("2026-11-01 01:30", "America/New_York")])).toEqual(["2026-11-01T05:30"]);
    expect(inUtc([momentOf("2026-03-08 02:15", "America/New_York")])).toEqual(["2026-03-08T07:00"]);
    expect(inUtc([momentOf("2026-10-04 02:10", "Australia/Lord_Howe")])).toEqual(["2026-10-03T15:30"]);
  });

  it("fall on weekdays, and on a month's last day where it lacks theirs", () => {
    const asked = { timeZone: "Asia/Kolkata", after: at("2026-01-31T12:00:00Z"), count: 3 };
    expect(inUtc(nextMoments({ every: "month", day: 31, at: "00:15" }, asked))).toEqual([
      "2026-02-27T18:45",
      "2026-03-30T18:45",
      "2026-04-29T18:45",
    ]);
    expect(inUtc(nextMoments({ every: "week", weekday: 7, at: "08:00" }, { ...asked, count: 1 }))).toEqual([
      "2026-02-01T02:30",
    ]);
  });

  it("follow a pattern in local time, and no rule", () => {
    const asked = { timeZone: "America/New_York", after: at("2026-03-06T20:00:00Z"), count: 2 };
    const pattern = cronTimes("30 2 * * 0");
    expect(inUtc(nextMoments({ every: "cron", cron: "30 2 * * 0" }, { ...asked, pattern }))).toEqual([
      "2026-03-08T07:00",
      "2026-03-15T06:30",
    ]);
    expect(nextMoments({ every: "alert", ruleIds: ["a"] }, asked)).toEqual([]);
    expect(() => cronTimes("0 8 * *")).toThrow();
  });
});

describe("a schedule in the form", () => {
  it("begins as one that lacks recipients alone", () => {
    for (const reportId of ["r1", null]) {
      const draft = newSchedule(reportId, { timeZone: "Europe/Berlin", reportName: "Weekly" });
      expect(reportScheduleSchema.safeParse(draft).error?.issues.map(({ path }) => path)).toEqual([["recipients"]]);
    }
  });

  it("keeps the time of day when it is to go out otherwise", () => {
    const weekly = whenOf("week", { every: "day", at: "06:30" });
    expect(weekly).toEqual({ every: "week", weekday: 1, at: "06:30" });
    expect(whenOf("month", weekly)).toMatchObject({ at: "06:30" });
  });

  it("sends raw events as files of rows alone", () => {
    const draft = { ...newSchedule("r1", { timeZone: "UTC" }), formats: ["html" as const, "parquet" as const] };
    expect(sending(draft, null)).toMatchObject({ reportId: null, period: "7d", formats: ["parquet"] });
    expect(sending({ ...draft, formats: ["pdf"] }, null)).toMatchObject({ formats: ["csv"] });
  });

  it("names nobody twice, and each in words", () => {
    const owner = { to: "role", role: "owner" } as const;
    expect(withRecipient([owner], { ...owner })).toEqual([owner]);
    expect(recipientText(owner)).toBe("All owners");
    expect(recipientText({ to: "channel", channelId: "c1" }, () => "Ours")).toBe("Ours");
    expect(recipientText({ to: "bucket", folder: "weekly" })).toBe("R2: weekly");
    expect(whenText({ every: "month", day: 22, at: "08:00" })).toBe("On the 22nd of each month at 08:00");
    expect(whenText({ every: "alert", ruleIds: ["x"] }, () => "Shop is down")).toBe("When “Shop is down” fires");
  });

  it("tells when a report goes out next", () => {
    const schedule = (reportId: string, nextAt: number | null) =>
      ({ ...newSchedule(reportId, { timeZone: "UTC" }), reportId, nextAt }) as ReportSchedule;
    const all = [schedule("r1", 20), schedule("r1", 10), schedule("r2", 5), schedule("r3", null)];
    expect(["r1", "r2", "r3", "r4"].map((id) => nextOf(all, id))).toEqual([10, 5, null, null]);
  });
});
