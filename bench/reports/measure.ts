// Reports that are all due in one minute: how long it takes until each is with the mail server, and what beacons notice of it.

import { startMailServer } from "../../test/support/mail-server.ts";
import { type BenchServer, shapeOf, startBenchServer } from "../bench-server.ts";
import { quantile, startPacedLoad } from "../paced-load.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const CONNECTIONS = 64;
const MOST_RUNS = 60;

export interface ReportsOptions {
  sites: number;
  reportsEach: number;
  /** Of them are sent as PDF, of two pages; the others are mails alone. */
  pdfsEach: number;
  eventsEach: number;
  /** Beacons. */
  perSecond: number;
  calmMs: number;
  now: number;
}

interface Beacons {
  /** Answered a second. */
  rate: number;
  p50: number;
  p95: number;
}

export interface ReportsResult extends Omit<ReportsOptions, "now" | "calmMs"> {
  /** Until the mail server had the last. */
  ms: number;
  /** Of the job, one after the other. */
  runs: number;
  beacons: { alone: Beacons; beside: Beacons };
}

const SECTIONS = [
  { id: "figures", kind: "figures", metrics: ["visitors", "pageviews", "bounce_rate"] },
  { id: "days", kind: "question", chart: "line", question: { metrics: ["visitors"], dimensions: ["time:day"] } },
  { id: "pages", kind: "question", chart: "table", question: { metrics: ["visitors"], dimensions: ["event:page"] } },
];

const TWO_PAGES = [...SECTIONS.slice(0, 2), { id: "break", kind: "page_break" }, ...SECTIONS.slice(2)];

async function made(bench: BenchServer, path: string, body: object): Promise<string> {
  const reply = await bench.api.request<{ id: string }>("POST", path, { body });
  if (reply.status !== 201) throw new Error(`${path} was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply.body.id;
}

/** All sites have the events of the first. Each schedule has a report of its own, so that none is made for two. */
async function makeSite(bench: BenchServer, site: string, options: ReportsOptions & { like: string; cron: string }) {
  const shape = shapeOf(options.eventsEach, options.now);
  await bench.fill(site, shape);
  if (site === options.like) await bench.rollUp(site, shape);
  else await bench.rollLike(site, options.like);
  for (let i = 0; i < options.reportsEach; i++) {
    const isPdf = i < options.pdfsEach;
    const sections = isPdf ? TWO_PAGES : SECTIONS;
    const reportId = await made(bench, `/api/v1/sites/${site}/reports`, { name: `Report ${i}`, sections });
    const when = { every: "cron", cron: options.cron };
    const recipients = [{ to: "person", email: `reader-${i}@${site}.example` }];
    const formats = [isPdf ? "pdf" : "html"];
    const schedule = { name: `Schedule ${i}`, reportId, when, timeZone: "UTC", formats, recipients };
    await made(bench, `/api/v1/sites/${site}/report-schedules`, schedule);
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export async function measureReports(options: ReportsOptions): Promise<ReportsResult> {
  const mails = await startMailServer();
  const env = { EDGEWISE_SMTP_URL: mails.url, EDGEWISE_MAIL_FROM: "Edgewise <reports@edge.example>" };
  const bench = await startBenchServer(env);
  try {
    // Ahead of the server's own cron.
    const due = Math.ceil(Date.now() / HOUR_MS + 2) * HOUR_MS;
    const cron = `0 ${new Date(due).getUTCHours()} * * *`;
    const sites = Array.from({ length: options.sites }, (_, i) => `reports-${i}`);
    for (const site of sites) await makeSite(bench, site, { ...options, like: sites[0] ?? "", cron });
    await bench.api.createSite({ id: "beacons" });
    const { perSecond } = options;
    const load = startPacedLoad({ port: bench.port, site: "beacons", perSecond, connections: CONNECTIONS });
    const during = async (run: () => Promise<void>): Promise<Beacons & { ms: number }> => {
      const from = performance.now();
      await run();
      const to = performance.now();
      const took = load.latencies(from, to);
      return {
        ms: to - from,
        rate: took.length / ((to - from) / 1000),
        p50: quantile(took, 0.5),
        p95: quantile(took, 0.95),
      };
    };
    await pause(options.calmMs / 2);
    const { ms: _, ...alone } = await during(() => pause(options.calmMs));
    const count = options.sites * options.reportsEach;
    const taken = Promise.all(Array.from({ length: count }, () => mails.next()));
    let runs = 0;
    const { ms, ...beside } = await during(async () => {
      let isDone = false;
      void taken.then(() => {
        isDone = true;
      });
      // As cron rings, but without waiting for the next minute.
      while (!isDone) {
        if (runs >= MOST_RUNS) throw new Error(`${count} reports were not sent in ${runs} runs`);
        await bench.sendReports(due + runs++ * MINUTE_MS);
      }
    });
    await load.stop("drop");
    const withPdf = (await taken).filter((mail) => mail.includes("application/pdf")).length;
    if (withPdf !== options.sites * options.pdfsEach) throw new Error(`${withPdf} mails carried a PDF`);
    const to = new Set((await taken).map((mail) => /^To: (.+)$/m.exec(mail)?.[1]?.trim()));
    if (to.size !== count) throw new Error(`${to.size} of ${count} readers got their report`);
    const { now: __, calmMs: ___, ...measured } = options;
    return { ...measured, ms, runs, beacons: { alone, beside } };
  } finally {
    await bench.server.discard();
    mails.close();
  }
}
