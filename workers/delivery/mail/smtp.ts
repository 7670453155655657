// Mail over SMTP (RFC 5321, 3207, 4954): one message a connection. Nothing is said in the clear unless the address allows it.
import type { Mail } from "../channel.ts";
import { base64, mimeOf } from "./mime.ts";

const TIMEOUT_MS = 20_000;
const REPLY_CHARS = 65_536;
const TRANSPORT = { implicit: "on", upgraded: "starttls", none: "off" } as const;

type Security = keyof typeof TRANSPORT;

/** The part of the platform's sockets that is needed. */
export interface SmtpSocket {
  readable: ReadableStream<Uint8Array>;
  writable: WritableStream<Uint8Array>;
  startTls(): SmtpSocket;
  close(): Promise<void>;
}
export type Connect = (
  address: { hostname: string; port: number },
  options: { secureTransport: string; allowHalfOpen: boolean },
) => SmtpSocket;

interface SmtpAddress {
  hostname: string;
  port: number;
  security: Security;
  user: string;
  password: string;
}

/** What the server said no to; `lasting` where it says the same tomorrow. */
export class SmtpRefusal extends Error {
  readonly lasting: boolean;
  constructor(reply: string) {
    super(`the mail server answered ${reply.slice(0, 200)}`);
    this.lasting = reply.startsWith("5");
  }
}

/**
 * `smtps://user:password@host:465`, encrypted from the start, or `smtp://user:password@host:587`, by STARTTLS; `?tls=no` for a
 * server on the own machine. What is special in the password is percent-encoded.
 */
export function readSmtpAddress(text: string): SmtpAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
    throw new Error("EDGEWISE_SMTP_URL must be smtps://user:password@host or smtp://user:password@host");
  }
  const security = url.protocol === "smtps:" ? "implicit" : url.searchParams.get("tls") === "no" ? "none" : "upgraded";
  return {
    hostname: url.hostname,
    port: Number(url.port) || (security === "implicit" ? 465 : 587),
    security,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}

/** Asks and hears, by lines. */
function talk(socket: SmtpSocket) {
  const reader = socket.readable.getReader();
  const writer = socket.writable.getWriter();
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let heard = "";
  const hear = async (wanted: "2" | "3"): Promise<string> => {
    // The last line of a reply has a space behind its code.
    while (!/^\d{3}(?: .*)?\r?\n/m.test(heard)) {
      const { value, done } = await reader.read();
      if (done || heard.length > REPLY_CHARS) throw new Error("the mail server hung up");
      heard += decoder.decode(value, { stream: true });
    }
    const reply = heard.trim();
    heard = "";
    if (!reply.startsWith(wanted)) throw new SmtpRefusal(reply);
    return reply;
  };
  const say = async (line: string, wanted: "2" | "3" = "2"): Promise<string> => {
    await writer.write(encoder.encode(`${line}\r\n`));
    return hear(wanted);
  };
  const upgrade = () => {
    reader.releaseLock();
    writer.releaseLock();
    return talk(socket.startTls());
  };
  return { hear, say, upgrade };
}

type Talk = ReturnType<typeof talk>;

async function greeted(fresh: Talk, { security, user, password }: SmtpAddress, name: string): Promise<Talk> {
  let server = fresh;
  await server.hear("2");
  let offers = await server.say(`EHLO ${name}`);
  if (security === "upgraded") {
    if (!/^250[ -]STARTTLS\b/im.test(offers)) throw new Error("the mail server offers no encryption");
    await server.say("STARTTLS");
    server = server.upgrade();
    offers = await server.say(`EHLO ${name}`);
  }
  if (user === "") return server;
  if (/^250[ -]AUTH\b.*\bPLAIN\b/im.test(offers)) {
    await server.say(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`);
  } else {
    await server.say("AUTH LOGIN", "3");
    await server.say(base64(user), "3");
    await server.say(base64(password));
  }
  return server;
}

const bareAddress = (text: string): string => /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text.trim();

async function handOver(socket: SmtpSocket, to: SmtpAddress, { mail, from }: { mail: Mail; from: string }) {
  const sender = bareAddress(from);
  const name = sender.split("@").at(-1) ?? "localhost";
  const id = `${(mail.key ?? crypto.randomUUID()).replace(/[^\w.-]/g, "-")}@${name}`;
  const lines = mimeOf(mail, { from, id, at: Date.now() });
  const server = await greeted(talk(socket), to, name);
  await server.say(`MAIL FROM:<${sender}>`);
  await server.say(`RCPT TO:<${mail.to}>`);
  await server.say("DATA", "3");
  await server.say(`${lines}\r\n.`);
  // It has the mail; how it takes leave changes nothing.
  await server.say("QUIT").catch(() => "");
}

/** Throws `SmtpRefusal` where the server said no, and other errors where it could not be asked. */
export async function sendSmtp(
  address: string,
  { connect, ...asked }: { mail: Mail; from: string; connect: Connect },
): Promise<void> {
  const to = readSmtpAddress(address);
  const { hostname, port, security } = to;
  const socket = connect({ hostname, port }, { secureTransport: TRANSPORT[security], allowHalfOpen: false });
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("the mail server did not answer in time")), TIMEOUT_MS);
  try {
    await Promise.race([handOver(socket, to, asked), late]);
  } finally {
    clearTimeout(timer);
    await socket.close().catch(() => {});
  }
}
