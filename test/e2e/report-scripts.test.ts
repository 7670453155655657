// PDFs as the Worker makes them, of a site whose names are in many scripts.
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { bare, pdfPages, SENTENCES } from "../support/pdf-pages.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "scripts.example";
const REPORTS = `/api/v1/sites/${SITE}/reports`;
const sentences = Object.values(SENTENCES);

let server: TestServer;
let api: TestApi;

beforeAll(async () => {
  server = await startTestServer();
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  const names = sentences.flatMap((name) => [`${name} 1`, `${name} 2`]);
  const { body, status } = await api.send(names.map((name) => ({ site: SITE, name, url: `https://${SITE}/` })));
  expect(status, JSON.stringify(body)).toBe(202);
});
afterAll(() => server?.discard());

const byDay = (sentence: string, place: number) => ({
  ...{ id: `day-${place}`, title: sentence, kind: "question", chart: "line" },
  question: {
    metrics: ["events"],
    dimensions: ["time:day", "event:name"],
    filters: [["contains", "event:name", [sentence]]],
  },
});

it("hold each script's letters in titles, in cells and beside charts", async () => {
  const names = {
    ...{ id: "names", kind: "question", chart: "table", rows: 20 },
    question: { metrics: ["events"], dimensions: ["event:name"] },
  };
  const body = { name: sentences.join(" "), period: "day", compare: null, sections: [names, ...sentences.map(byDay)] };
  const kept = await api.request<{ id: string }>("POST", REPORTS, { body });
  expect(kept.status, JSON.stringify(kept.body)).toBe(201);
  const reply = await fetch(`${server.url}${REPORTS}/${kept.body.id}/files/pdf`, {
    headers: { authorization: `Bearer ${server.adminToken}` },
  });
  expect(reply.status).toBe(200);
  const text = (await pdfPages(new Uint8Array(await reply.arrayBuffer()))).join("");
  expect(text).not.toContain("\uFFFD");
  for (const sentence of sentences) {
    // Two cells, the section's title, the chart's and its two series; the report's title may end a line within.
    expect(text.split(bare(sentence)).length - 1, sentence).toBeGreaterThanOrEqual(6);
  }
});
