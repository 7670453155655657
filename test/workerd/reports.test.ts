// Reports over HTTP: kept like boards, and every number in their documents is what the API answers.
import { expect, it } from "vitest";
import type { ReportDocument } from "../../workers/domain/report-document.ts";
import { aView, createSite, from, ok, sendTaken } from "./worker.ts";

it("a preview of figures has what the query answers", async () => {
  const site = await createSite();
  for (const visitor of [1, 2, 3])
    await sendTaken([aView(site), aView(site, { url: "https://example.com/b" })], from(visitor));
  const sections = [
    { id: "t", kind: "text", text: "Hello **all**\n\n- one\n- two" },
    { id: "f", kind: "figures", metrics: ["visitors", "pageviews"] },
    { id: "p", kind: "question", chart: "table", question: { metrics: ["visitors"], dimensions: ["event:page"] } },
    { id: "s", kind: "question", chart: "line", question: { metrics: ["visitors"], dimensions: ["time:day"] } },
    { id: "i", kind: "insights" },
    { id: "q", kind: "quality" },
    { id: "b", kind: "benchmarks", metrics: ["visitors"] },
  ];
  const document = await ok<ReportDocument>("POST", `/api/v1/sites/${site.id}/reports/preview`, {
    name: "Weekly",
    sections,
  });
  const figures = document.parts[1]?.blocks[0];
  expect(figures).toMatchObject({ kind: "figures", figures: [{ now: { value: 3 } }, { now: { value: 6 } }] });
});
