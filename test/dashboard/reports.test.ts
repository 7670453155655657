// Reports as they are composed and framed: the pure parts of their pages.
import { describe, expect, it } from "vitest";
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
import { newReportSchema, type Report } from "../../workers/domain/report.ts";

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
