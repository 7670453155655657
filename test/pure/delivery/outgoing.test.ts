// Where requests may lead that somebody has typed into a form.
import { describe, expect, it } from "vitest";
import { outgoing, refusalOf } from "../../../workers/delivery/outgoing.ts";
import { standIn } from "./service.ts";

const service = standIn();

describe("addresses", () => {
  it.each(["https://example.com/x", "https://8.8.8.8/", "https://172.32.0.1/", "https://hooks.example.co.uk:8443/"])(
    "%s may be asked",
    (url) => expect(refusalOf(url)).toBeNull(),
  );

  it.each([
    "http://example.com/",
    "https://localhost/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00::1]/",
    "https://intranet/",
    "https://db.internal/",
    "https://printer.local./",
    "https://user:word@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "nonsense",
  ])("%s may not", async (url) => {
    expect(refusalOf(url)).not.toBeNull();
    await expect(outgoing(service.elsewhere)(url, {})).rejects.toThrow("the address");
    expect(service.requests).toEqual([]);
  });

  it("of the own network may be asked where the deployment's owner allows it", async () => {
    expect(refusalOf("http://192.168.1.1:8080/", { privateToo: true })).toBeNull();
    expect((await outgoing(fetch, { privateToo: true })(`${service.address()}/x`, {})).status).toBe(200);
    expect(refusalOf("file:///etc/passwd", { privateToo: true })).not.toBeNull();
  });
});
