// A table as a file to download.

import type { Format } from "./format.ts";
import type { Table } from "./table.ts";

const UNSAFE = /[^\p{L}\p{N}._ -]+/gu;

/** Both forms of RFC 6266: one that every client reads, one for letters beyond ASCII. */
function disposition(name: string): string {
  const safe = name.replaceAll(UNSAFE, "_");
  const ascii = safe.replaceAll(/[^\x20-\x7e]/g, "_");
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(safe)}`;
}

export function fileResponse(format: Format, table: Table): Response {
  const chunks = format.write(table)[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": format.type,
      "content-disposition": disposition(`${table.name}.${format.ending}`),
      // Formats that hold rows and nothing else have it here.
      "edgewise-about": encodeURIComponent(JSON.stringify(Object.fromEntries(table.facts))),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
