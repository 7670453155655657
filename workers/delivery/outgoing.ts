// Requests to addresses that users of the dashboard have set: not into the network that this runs in, and not elsewhere than
// was said.

const TIMEOUT_MS = 10_000;

/** First bits of networks that are not the public internet: private, loopback, link-local, shared, documentation, multicast. */
const IPV4_BLOCKS: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

const numberOf = (ip: string): number => ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

function isPrivate4(ip: string): boolean {
  return IPV4_BLOCKS.some(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(numberOf(ip) / size) === Math.floor(numberOf(network) / size);
  });
}

/** Why nothing is sent there; null for an address that may be asked. URLs write numbers of any form as plain addresses. */
export function refusalOf(text: string, { privateToo = false } = {}): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) return "not a URL";
  if (url.username !== "" || url.password !== "") return "names a user; leave it out";
  if (privateToo) return /^https?:$/.test(url.protocol) ? null : "must begin with https:// or http://";
  if (url.protocol !== "https:") return "must begin with https://";
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  // Public services have names; an IPv6 address can hold any IPv4 address in several forms.
  if (host.startsWith("[")) return "must be a name and not an IPv6 address";
  const isPrivate = /^[\d.]+$/.test(host) ? isPrivate4(host) : !host.includes(".") || LOCAL_NAMES.test(host);
  return isPrivate ? "is in a private network; only public addresses are asked" : null;
}

type Send = (url: string, init: RequestInit) => Promise<Response>;

/** `fetch` within these rules. Names that lead into a private network are stopped by the platform, which has none. */
export function outgoing(fetch: Send, options: { privateToo?: boolean } = {}): Send {
  return async (url, init) => {
    const refusal = refusalOf(url, options);
    if (refusal) throw new Error(`the address ${refusal}`);
    const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    // 0 is how some runtimes tell a redirect that was not followed.
    if (response.status === 0 || (response.status >= 300 && response.status < 400)) {
      throw new Error("answered with a redirect, which is not followed; set the address that it leads to");
    }
    return response;
  };
}
