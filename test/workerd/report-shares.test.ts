// Links by which anybody reads one report: what it shows is the report's, and nothing else answers to them.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { localDate, startOfDate } from "../../workers/domain/buckets.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Report } from "../../workers/domain/report.ts";
import type { ReportDocument } from "../../workers/domain/report-document.ts";
import type { Site } from "../../workers/domain/site.ts";
import { claimOwner, cookiesOf, join, post } from "./people.ts";
import { aView, call, createSite, DAY_MS, from, ok, sendTaken, setClock } from "./worker.ts";

interface Share {
  id: string;
  reportId: string;
  files: boolean;
}

const SECTIONS = [
  { id: "f", kind: "figures", metrics: ["visitors", "pageviews"] },
  { id: "p", kind: "question", chart: "table", question: { metrics: ["visitors"], dimensions: ["event:page"] } },
  { id: "i", kind: "insights" },
];

let site: Site;
let report: Report;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;
const share = (fields: object = {}) =>
  ok<Share>("POST", at("/shares"), { label: "weekly", reportId: report.id, ...fields });
const as = (headers: Record<string, string>) => ({ token: "", headers });
const read = (id: string, { path = "", headers = {} }: { path?: string; headers?: Record<string, string> } = {}) =>
  call<ReportDocument & Problem>("GET", `/api/v1/shares/${id}/report${path}`, as(headers));

const today = new Date().toISOString().slice(0, 10);
beforeAll(async () => {
  await claimOwner();
  site = await createSite();
  for (const visitor of [1, 2, 3]) await sendTaken(aView(site), from(visitor));
  report = await ok<Report>("POST", at("/reports"), { name: "Weekly", period: "7d", sections: SECTIONS });
});

const figuresIn = ({ parts }: ReportDocument) =>
  parts.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === "figures" ? block.figures.map(({ now }) => now.value) : [])),
  );

describe("a link to a report", () => {
  it("shows it of its last whole period, as a page too, and leads nowhere else", async () => {
    const { id } = await share();
    const opened = await post(`/api/v1/shares/${id}`, {});
    expect(opened.body).toEqual({ report: { name: "Weekly", siteName: site.name, files: [] } });
    const before = (await read(id)).body;
    expect(before.period.to.slice(0, 10) < today).toBe(true);
    expect(figuresIn(before)).toEqual([0, 0]);
    setClock(startOfDate(localDate(Date.now() + DAY_MS, "UTC"), "UTC") + 60_000);
    const after = (await read(id)).body;
    vi.useRealTimers();
    expect(after.period.to.slice(0, 10)).toBe(today);
    expect(figuresIn(after)).toEqual([3, 3]);
    for (const { path, blocks } of after.parts) {
      expect(path).toBeNull();
      for (const block of blocks)
        if (block.kind === "list") expect(block.items.map(({ link }) => link)).not.toContainEqual(expect.any(String));
    }
    // Its maker's own has the links.
    const own = await ok<ReportDocument>("GET", at(`/reports/${report.id}/document`));
    expect(own.parts.map(({ path }) => path)).toContainEqual(expect.stringContaining(`/sites/${site.id}`));
    const page = await call<string>("GET", `/api/v1/shares/${id}/report`, as({ accept: "text/html" }));
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.body).toContain("Weekly");
    expect(page.body).not.toContain("/sites/");
  });

  it("answers no question, neither by its cookie nor as a bearer, and shows no list", async () => {
    const { id } = await share({ password: "open sesame" });
    const free = await share();
    const opened = await post(`/api/v1/shares/${id}`, { password: "open sesame" });
    expect(opened.status).toBe(200);
    const { cookie } = cookiesOf(opened);
    // As a browser that sent it everywhere, and under the name of the cookie that opens sites.
    const proofs = [
      { cookie },
      { cookie: cookie.replace("edgewise_report", "edgewise_share") },
      { authorization: `Bearer ${id}` },
      { authorization: `Bearer ${free.id}` },
    ];
    const question = { site_id: site.id, metrics: ["visitors"], date_range: "all" };
    for (const headers of proofs) {
      expect((await call("POST", "/api/v2/query", { token: "", headers, body: question })).status).toBe(401);
      for (const path of ["", "/reports", `/reports/${report.id}`, `/reports/${report.id}/document`, "/boards"]) {
        expect([path, (await call("GET", at(path), as(headers))).status]).toEqual([path, 401]);
      }
      expect((await call("GET", "/api/v1/session", as(headers))).status).toBe(401);
    }
  });

  it("with a password shows nothing before it, and another link's cookie does not open it", async () => {
    const [one, other] = [await share({ password: "open sesame" }), await share({ password: "another word" })];
    expect((await read(one.id)).status).toBe(401);
    expect((await post(`/api/v1/shares/${one.id}`, { password: "open says me" })).status).toBe(401);
    const opened = cookiesOf(await post(`/api/v1/shares/${one.id}`, { password: "open sesame" }));
    expect((await read(one.id, { headers: opened })).status).toBe(200);
    expect((await read(other.id, { headers: opened })).status).toBe(401);
    setClock(Date.now() + DAY_MS + 60_000);
    const late = await read(one.id, { headers: opened });
    vi.useRealTimers();
    expect(late.status).toBe(401);
  });

  it("gives files where it allows them, and only those there are", async () => {
    const [without, withFiles] = [await share(), await share({ files: true })];
    expect((await read(without.id, { path: "/files/csv" })).status).toBe(403);
    const opened = await post<{ report: { files: string[] } }>(`/api/v1/shares/${withFiles.id}`, {});
    expect(opened.body.report.files).toEqual(["html", "pdf", "xlsx", "csv", "parquet"]);
    const csv = await call<string>("GET", `/api/v1/shares/${withFiles.id}/report/files/csv`, as({}));
    expect([csv.status, csv.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/csv")]);
    expect(csv.headers.get("content-disposition")).toContain('filename="Weekly.csv"');
    expect((await read(withFiles.id, { path: "/files/docx" })).body.errors?.[0]?.path).toBe("format");
  });

  it("is of a report that whoever makes it sees, and of nothing beside it", async () => {
    const wrong = async (fields: object, headers: Record<string, string> | null = null) => {
      const body = { label: "x", ...fields };
      const options = headers ? { token: "", headers, body } : { body };
      const answer = await call<Problem>("POST", at("/shares"), options);
      return [answer.status, answer.body.errors?.[0]?.path];
    };
    expect(await wrong({ reportId: "none" })).toEqual([400, "reportId"]);
    expect(await wrong({ reportId: report.id, boardId: "b" })).toEqual([400, "reportId"]);
    expect(await wrong({ files: true })).toEqual([400, "files"]);
    const mine = await ok<Report>("POST", at("/reports"), { name: "Mine", visibility: "private" });
    const analyst = await join("main", "analyst");
    expect(await wrong({ reportId: mine.id }, analyst.headers)).toEqual([400, "reportId"]);
  });

  it("ends when it is revoked, and with its report", async () => {
    const [revoked, ending] = [await share(), await share()];
    expect((await call("DELETE", at(`/shares/${revoked.id}`))).status).toBe(204);
    expect((await read(revoked.id)).status).toBe(404);
    const other = await ok<Report>("POST", at("/reports"), { name: "Other" });
    const { id } = await share({ reportId: other.id });
    expect((await call("DELETE", at(`/reports/${other.id}`))).status).toBe(204);
    expect((await read(id)).status).toBe(404);
    expect(await env.DB.prepare("select 1 from shares where id = ?1").bind(id).first()).toBeNull();
    expect((await read(ending.id)).status).toBe(200);
    expect((await read("ews_none")).status).toBe(404);
  });

  it("to a private report ends with its maker's account", async () => {
    const maker = await join("main", "analyst");
    const options = (body: object) => ({ token: "", headers: maker.headers, body });
    const own = await call<Report>("POST", at("/reports"), options({ name: "Own", visibility: "private" }));
    const link = await call<Share>("POST", at("/shares"), options({ label: "own", reportId: own.body.id }));
    expect((await read(link.body.id)).status).toBe(200);
    expect((await call("DELETE", "/api/v1/me", options({ email: maker.email }))).status).toBe(204);
    expect((await read(link.body.id)).status).toBe(404);
    expect(await env.DB.prepare("select 1 from shares where id = ?1").bind(link.body.id).first()).toBeNull();
  });

  it("counts against the site's limit for links", async () => {
    const { id } = await share();
    await call("PATCH", at(""), { body: { requestsPerHour: 1 } });
    const [first, second] = [await read(id), await read(id)];
    await call("PATCH", at(""), { body: { requestsPerHour: null } });
    expect([first.status, second.status]).toContain(429);
  });
});
