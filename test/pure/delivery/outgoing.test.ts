// Where requests may lead that somebody has typed into a form.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outgoing, refusalOf } from "../../../workers/delivery/outgoing.ts";
import { standIn } from "./service.ts";

const service = standIn();

describe("addresses", () => {
  it.each([
    "https://example.com/x",
    "https://8.8.8.8/",
    "https://172.32.0.1/",
    "https://hooks.example.co.uk:8443/",
    "https://8.8.8.8.nip.io/",
    "https://app-8-8-8-8.sslip.io/",
    "https://08080808.nip.io/",
    "https://v10-2-0-1.example.com/",
    "https://release-1.10.0.example.com/",
    "https://xn--bcher-kva.example/",
    "https://localhost.example.com/",
  ])("%s may be asked", (url) => expect(refusalOf(url)).toBeNull());

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
    "https://localhost.localdomain/",
    "https://app.localhost/",
    "https://metadata.google.internal/",
    "https://127.0.0.1.nip.io/",
    "https://8.8.127.0.0.1.nip.io/",
    "https://10-0-0-1.sslip.io/",
    "https://app-192-168-1-1.sslip.io/",
    "https://www.169.254.169.254.sslip.io/latest",
    "https://10.0.0.1.anything.example/",
    "https://7F000001.nip.io/",
    "https://app-0a000001.nip.io/",
    "https://--1.sslip.io/",
    "https://localtest.me/",
    "https://shop.lvh.me/",
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

describe("addresses of private networks in any form", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const BLOCKS = [[0], [10], [127], [169, 254], [172, 16], [172, 31], [192, 168], [100, 64], [198, 18], [224], [255]];
  const four = fc
    .tuple(fc.constantFrom(...BLOCKS), byte, byte, byte)
    .map(([block, ...rest]) => [...block, ...rest].slice(0, 4));
  const asNumber = (parts: number[]) => parts.reduce((sum, part) => sum * 256 + part, 0);
  const radix = fc.constantFrom(
    (part: number) => String(part),
    (part: number) => `0x${part.toString(16)}`,
    (part: number) => `0${part.toString(8)}`,
    (part: number) => `0X${part.toString(16).toUpperCase().padStart(4, "0")}`,
  );
  const wide = (text: string) => text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  /** Numbers as URLs may write them: of four parts or fewer, each in a radix of its own, wide digits, a dot at the end. */
  const written = fc
    .tuple(
      four,
      fc.array(radix, { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([parts, as, count, isWide, hasDot]) => {
      const shown = [...parts.slice(0, count - 1), asNumber(parts.slice(count - 1))];
      const text = shown.map((part, place) => as[place]!(part)).join(".") + (hasDot ? "." : "");
      return isWide ? wide(text) : text;
    });
  const hex = (number: number) => number.toString(16);
  const six = fc
    .tuple(four, fc.constantFrom("::ffff:", "::", "64:ff9b::", "2002:", "::ffff:0:", "fe80::", "fd12::"), fc.boolean())
    .map(([parts, prefix, isDotted]) => {
      const halves = `${hex(parts[0]! * 256 + parts[1]!)}:${hex(parts[2]! * 256 + parts[3]!)}`;
      if (prefix === "2002:") return `[2002:${halves}::]`;
      return `[${prefix}${isDotted ? parts.join(".") : halves}]`;
    });
  const rest = fc.constantFrom("", "/", ":443/", ":8443/x?y#z", "?https://example.com/", "#@example.com/");

  it("are refused, before anything is asked", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(written, six), rest, async (host, end) => {
        const url = `https://${host}${end}`;
        expect(refusalOf(url)).not.toBeNull();
        await expect(outgoing(service.elsewhere)(url, {})).rejects.toThrow("the address");
      }),
      { numRuns: 2000 },
    );
    expect(service.requests).toEqual([]);
  });

  it("are not reached by any redirect", { timeout: 60_000 }, async () => {
    const status = fc.constantFrom(300, 301, 302, 303, 305, 307, 308);
    await fc.assert(
      fc.asyncProperty(status, fc.oneof(written, six), async (code, host) => {
        Object.assign(service.answer, { status: code, headers: { location: `https://${encodeURI(host)}/` }, body: "" });
        service.requests.length = 0;
        await expect(outgoing(service.elsewhere)("https://example.com/", {})).rejects.toThrow("redirect");
        expect(service.requests).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});
