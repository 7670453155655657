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
const LOCAL_NAMES = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;
/** Public names that lead to the machine that asks, and so do all below them. */
const LOOPBACK_NAMES = /(?:^|\.)(?:localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|local\.gd)$/;
/** An address within a name, which services such as nip.io and sslip.io answer with: `10.0.0.1.nip.io`, `app-10-0-0-1.sslip.io`. */
const CARRIED4 = /(?<![\da-z])(\d{1,3})([.-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?![\da-z])/g;
const WILDCARD_NAMES = /\.(?:nip|sslip|xip)\.io$/;
/** As these write it as well: `7f000001.nip.io`, and `--1.sslip.io` for `::1`. */
const CARRIED_HEX = /(?:^|[.-])([\da-f]{8})\./g;
const CARRIED6 = /(?:^|[.-])[\da-f-]*--[\da-f-]*\./;

const numberOf = (ip: string): number => ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

function isPrivate4(ip: string): boolean {
  return IPV4_BLOCKS.some(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(numberOf(ip) / size) === Math.floor(numberOf(network) / size);
  });
}

const byteNumber = (hex: string): string => [0, 2, 4, 6].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(".");

/** Whether a public name says that it leads into a private network. What other names lead to is not known here. */
function leadsInside(host: string): boolean {
  if (LOOPBACK_NAMES.test(host)) return true;
  // From each place on: of five numbers either four may be meant.
  const carried = [...host].flatMap((_, from) => {
    CARRIED4.lastIndex = from;
    const found = CARRIED4.exec(host);
    return found ? [[found[1], found[3], found[4], found[5]].join(".")] : [];
  });
  if (carried.some(isPrivate4)) return true;
  if (!WILDCARD_NAMES.test(host)) return false;
  return CARRIED6.test(host) || [...host.matchAll(CARRIED_HEX)].some(([, hex = ""]) => isPrivate4(byteNumber(hex)));
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
  const isPrivate = /^[\d.]+$/.test(host)
    ? isPrivate4(host)
    : !host.includes(".") || LOCAL_NAMES.test(host) || leadsInside(host);
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
