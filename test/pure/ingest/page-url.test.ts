import { describe, expect, it } from "vitest";
import { hostAllowed } from "../../../workers/ingest/hostnames.ts";
import { readPageUrl } from "../../../workers/ingest/page-url.ts";
import { collected } from "./facts.ts";

describe("an address", () => {
  it.each([
    ["https://Example.COM/Path", "example.com", "/Path"],
    ["https://www.example.com:8443", "www.example.com", "/"],
    ["https://example.com./a", "example.com", "/a"],
    ["https://bücher.example/straße", "xn--bcher-kva.example", "/straße"],
    ["https://example.com/a%20b/%C3%A4?x=1", "example.com", "/a b/ä"],
    ["https://example.com/a%2Fb", "example.com", "/a%2Fb"],
    ["https://example.com/%E0%A4%A", "example.com", "/%E0%A4%A"],
    ["https://example.com/a%00b", "example.com", "/ab"],
    ["https://example.com/a/../b#part", "example.com", "/b"],
    ["https://example.com/#/users?page=2", "example.com", "/#/users"],
    ["https://example.com/app#!/inbox", "example.com", "/app#!/inbox"],
    ["app://localhost/home", "localhost", "/home"],
    ["http://[::1]:3000/", "[::1]", "/"],
  ])("%s is host %s and path %s", (address, hostname, path) => {
    expect(readPageUrl(address)).toMatchObject({ hostname, path });
  });

  it.each(["", "example.com", "/a", "file:///etc/passwd", "javascript:alert(1)", "https://", "data:text/html,x"])(
    "%j names no host",
    (address) => expect(readPageUrl(address)).toBeUndefined(),
  );

  it("keeps of the query only the campaign", () => {
    const page = readPageUrl(
      "https://a.example/?email=jane%40example.com&utm_source=News+Letter&utm_term=%FF&gclid=abc&token=t",
    );
    expect(page).toEqual({
      hostname: "a.example",
      path: "/",
      utm: { source: "News Letter", medium: "", campaign: "", term: "\ufffd", content: "" },
      tag: "News Letter",
      clickId: "gclid",
    });
  });

  it("takes the tag from utm_source, then source, then ref", () => {
    const tag = (query: string) => readPageUrl(`https://a.example/?${query}`)?.tag;
    expect(tag("ref=producthunt")).toBe("producthunt");
    expect(tag("ref=a&source=b")).toBe("b");
    expect(tag("ref=a&source=b&utm_source=c")).toBe("c");
    expect(tag("utm_source=%00&ref=a")).toBe("a");
  });

  it.each([
    ["https://a.example/u/jane.doe@example.com/edit", "/u/(e-mail)/edit"],
    ["https://a.example/u/jane.doe%40example.co.uk", "/u/(e-mail)"],
    ["https://a.example/#/u/j%40x.org?y=1", "/#/u/(e-mail)"],
    ["https://a.example/@user/post", "/@user/post"],
    ["https://a.example/package/react@18.2.0", "/package/react@18.2.0"],
  ])("masks e-mail addresses in a path: %s", (address, path) => {
    expect(collected({ url: address }).path).toBe(path);
  });

  it("masks e-mail addresses in the campaign", () => {
    expect(collected({ url: "https://a.example/?utm_content=to-jane%40example.com&ref=j@x.org" })).toMatchObject({
      utmContent: "(e-mail)",
      source: "(e-mail)",
    });
  });

  it("is read in linear time however hostile", () => {
    const path = "/".concat("a@".repeat(2000), "b".repeat(4000), "@".repeat(2000), "c.".repeat(2000));
    expect(readPageUrl(`https://a.example${path}`)?.path).toContain("@");
  });
});

describe("allowed hosts", () => {
  it.each([
    ["example.com", true],
    ["www.example.com", false],
    ["shop.example.org", true],
    ["a.b.example.org", true],
    ["example.org", true],
    ["evilexample.org", false],
    ["example.org.evil.com", false],
  ])("%s: %s", (host, allowed) => {
    expect(hostAllowed(host, ["example.com", "*.example.org"])).toBe(allowed);
  });
});
