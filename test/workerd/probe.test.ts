import { env, exports } from "cloudflare:workers";
import { runInDurableObject, runDurableObjectAlarm, evictDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
const auth = { authorization: "Bearer test-admin-token", "content-type": "application/json" };
const call = (path: string, init: any = {}) => (exports as any).default.fetch("https://edge.test" + path, { ...init, headers: { ...auth, ...init.headers } });
const CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
it("probe", async () => {
  let r = await call("/api/v1/sites", { method: "POST", body: JSON.stringify({ id: "s1" }) });
  console.log(r.status, await r.text());
  r = await call("/api/event", { method: "POST", headers: { "user-agent": CHROME, "cf-connecting-ip": "1.2.3.4" }, body: JSON.stringify({ site: "s1", name: "pageview", url: "https://x.com/a", id: "abc" }) });
  console.log(r.status, await r.text());
  const t = Date.now();
  const stub = (env as any).SITE_SHARD.getByName("s1/1/0");
  console.log(await stub.stats());
  await evictDurableObject(stub);
  console.log(await stub.stats(), Date.now() - t);
  console.log(await runDurableObjectAlarm(stub));
  console.log((await (env as any).DB.prepare("select * from events").all()).results.length);
  try { const j = (env as any).SITE_SHARD.jurisdiction("eu").getByName("x"); console.log(await j.stats()); } catch (e) { console.log("JUR", String(e)); }
  try { const j = (env as any).SITE_SHARD.jurisdiction("us").getByName("x"); console.log(await j.stats()); } catch (e) { console.log("JUR", String(e)); }
  let f: any = ["is", "visit:country", ["DE"]];
  for (const depth of [5, 10, 5]) { for (let i = 0; i < depth; i++) f = ["not", f]; const t0 = performance.now(); r = await call("/api/v2/query", { method: "POST", body: JSON.stringify({ site_id: "s1", metrics: ["visitors"], date_range: "day", filters: [f] }) }); console.log("depth", r.status, performance.now() - t0, (await r.text()).slice(0, 200)); }
}, 120000);
