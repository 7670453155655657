// Files of reports, made in the real runtime with fonts from its assets.
import { expect, it } from "vitest";
import { reportFormat } from "../../workers/reports/formats/index.ts";
import { aView, createSite, fetchRaw, from, ok, sendTaken } from "./worker.ts";

const sections = [
  { id: "t", kind: "text", text: "Grüße, 日本語, שלום, عدد, 한국, ไทย, हिन्दी\n数据 → 數據" },
  { id: "f", kind: "figures", metrics: ["visitors", "pageviews"] },
  { id: "s", kind: "question", chart: "line", question: { metrics: ["visitors"], dimensions: ["time:day"] } },
];
const BEGINNINGS: Readonly<Record<string, string>> = { pdf: "%PDF-1.", xlsx: "PK", csv: "# Report", parquet: "PAR1" };

it("are had in every format, each beginning as such files do", { timeout: 60_000 }, async () => {
  const site = await createSite();
  await sendTaken([aView(site), aView(site, { url: "https://example.com/b" })], from(1));
  const kept = await ok<{ id: string }>("POST", `/api/v1/sites/${site.id}/reports`, { name: "Weekly", sections });
  for (const [format, beginning] of Object.entries(BEGINNINGS)) {
    const reply = await fetchRaw("GET", `/api/v1/sites/${site.id}/reports/${kept.id}/files/${format}`);
    expect(reply.status, format).toBe(200);
    expect(reply.headers.get("content-type")).toBe(reportFormat(format)?.contentType);
    const bytes = new Uint8Array(await reply.arrayBuffer());
    expect(new TextDecoder("latin1").decode(bytes.slice(0, beginning.length))).toBe(beginning);
  }
});
