// Serves the dashboard's files on one machine, compressed as Cloudflare's edge does for those of a deployment: each is
// compressed once and held for the next reader. A Worker of its own.

interface AssetsEnv {
  ASSETS: Pick<Fetcher, "fetch">;
}

const COMPRESSIBLE = /^(?:text\/|image\/svg\+xml|application\/(?:javascript|json|manifest\+json))/;

/** By what names the content; the files of one build, so that nothing need ever leave. */
const held = new Map<string, ArrayBuffer>();

async function compressed(etag: string, { body }: Response): Promise<ArrayBuffer> {
  const bytes = held.get(etag) ?? (await new Response(body?.pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
  held.set(etag, bytes);
  return bytes;
}

const accepts = (request: Request): boolean => /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");

export default {
  async fetch(request: Request, env: AssetsEnv): Promise<Response> {
    const file = await env.ASSETS.fetch(request);
    const etag = file.headers.get("etag");
    if (!file.body || file.status !== 200 || etag === null) return file;
    if (!COMPRESSIBLE.test(file.headers.get("content-type") ?? "")) return file;
    const headers = new Headers(file.headers);
    headers.append("vary", "accept-encoding");
    if (!accepts(request)) return new Response(file.body, { headers });
    const bytes = await compressed(etag, file);
    headers.set("content-encoding", "gzip");
    headers.set("content-length", String(bytes.byteLength));
    // The same content in other bytes: only weakly the same.
    headers.set("etag", `W/${etag.replace(/^W\//, "")}`);
    return new Response(bytes, { headers, encodeBody: "manual" });
  },
};
