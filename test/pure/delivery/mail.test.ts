// Mail as it goes over the wire: the lines, and the talk with a server of our own that writes down what it is told.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mimeOf } from "../../../workers/delivery/mail/mime.ts";
import { readSmtpAddress, SmtpRefusal, type SmtpSocket, sendSmtp } from "../../../workers/delivery/mail/smtp.ts";
import { AT } from "./service.ts";

const MAIL = { to: "ops@example.com", subject: "Firing: too few", text: "It fires", key: "r.1.firing-1.c" };
const FROM = "Edgewise <alerts@edge.example>";

/** A server that answers each line as it is told to; all that it heard. */
function aServer(answers: (line: string) => string) {
  const heard: string[] = [];
  const upgrades: number[] = [];
  const inbound = new TransformStream<Uint8Array, Uint8Array>();
  const outbound = new TransformStream<Uint8Array, Uint8Array>();
  const serve = async () => {
    const writer = outbound.writable.getWriter();
    const say = (text: string) => writer.write(new TextEncoder().encode(text));
    await say("220 mail.example ready\r\n");
    const reader = inbound.readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const line = new TextDecoder().decode(value).replace(/\r\n$/, "");
      heard.push(line);
      const answer = answers(line);
      if (answer === "") return writer.close();
      await say(answer);
    }
  };
  void serve().catch(() => {});
  const socket: SmtpSocket = {
    readable: outbound.readable,
    writable: inbound.writable,
    startTls: () => {
      upgrades.push(heard.length);
      return socket;
    },
    close: async () => {},
  };
  return { heard, upgrades, connect: () => socket };
}

const usual =
  (offers: string) =>
  (line: string): string => {
    if (line.startsWith("EHLO")) return offers;
    if (line.startsWith("AUTH")) return "235 in\r\n";
    if (line === "DATA") return "354 go on\r\n";
    return line === "QUIT" ? "221 bye\r\n" : "250 taken\r\n";
  };

const OFFERS = "250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n";
const asks = (server: ReturnType<typeof aServer>, address = "smtp://me:pa%40ss@mail.example") =>
  sendSmtp(address, { mail: MAIL, from: FROM, connect: server.connect });

describe("SMTP", () => {
  it("encrypts, signs in, and hands one mail over", async () => {
    const server = aServer(usual(OFFERS));
    await asks(server);
    const [, , , signIn, ...rest] = server.heard;
    expect(server.heard.slice(0, 3)).toEqual(["EHLO edge.example", "STARTTLS", "EHLO edge.example"]);
    expect(server.upgrades).toEqual([2]);
    expect(signIn).toBe(`AUTH PLAIN ${btoa("\0me\0pa@ss")}`);
    expect(rest.slice(0, 3)).toEqual(["MAIL FROM:<alerts@edge.example>", "RCPT TO:<ops@example.com>", "DATA"]);
    expect(rest[3]).toMatch(/\r\n\.$/);
    expect(rest[3]).toContain("Message-ID: <r.1.firing-1.c@edge.example>");
    expect(rest[4]).toBe("QUIT");
  });

  it("says nothing in the clear to a server that offers no encryption, unless its address says so", async () => {
    const plain = "250 mail.example\r\n";
    const server = aServer(usual(plain));
    await expect(asks(server)).rejects.toThrow("offers no encryption");
    expect(server.heard).toEqual(["EHLO edge.example"]);
    const own = aServer(usual(plain));
    await asks(own, "smtp://127.0.0.1:2525?tls=no");
    expect(own.heard).toContain("DATA");
    expect(own.upgrades).toEqual([]);
  });

  it("tells a lasting no from one that may pass, and notices when the server hangs up", async () => {
    const refusing = (answer: string) =>
      asks(aServer((line) => (line.startsWith("RCPT") ? answer : usual(OFFERS)(line))));
    const lasting = await refusing("550-no\r\n550 such person\r\n").catch((error: unknown) => error);
    expect(lasting).toBeInstanceOf(SmtpRefusal);
    expect(lasting).toMatchObject({ lasting: true });
    expect(await refusing("451 later\r\n").catch((error: unknown) => error)).toMatchObject({ lasting: false });
    await expect(refusing("")).rejects.toThrow("hung up");
  });

  it("reads addresses, and refuses what is none", () => {
    expect(readSmtpAddress("smtps://u:p@h.example")).toEqual({
      hostname: "h.example",
      port: 465,
      security: "implicit",
      user: "u",
      password: "p",
    });
    expect(readSmtpAddress("smtp://h.example")).toMatchObject({ port: 587, security: "upgraded", user: "" });
    for (const text of ["", "mail.example", "https://mail.example"]) expect(() => readSmtpAddress(text)).toThrow();
  });
});

describe("a mail's lines", () => {
  const lines = (mail: Partial<typeof MAIL> & { html?: string; picture?: { id: string; svg: string } }) =>
    mimeOf({ ...MAIL, ...mail }, { from: FROM, id: "1@edge.example", at: AT });

  it("hold the chart beside the HTML and the text", () => {
    const all = lines({ html: "<p>It fires</p>", picture: { id: "chart", svg: "<svg/>" } });
    expect(all).toMatch(/multipart\/related[\s\S]*multipart\/alternative[\s\S]*text\/plain[\s\S]*text\/html[\s\S]*svg/);
    expect(all).toContain("Content-ID: <chart>");
    expect(all).toContain(btoa("<svg/>"));
    expect(all).toContain("Date: Fri, 27 Nov 2026 12:00:00 +0000");
  });

  it("hold files behind what is read, byte by byte, and further headers in one line each", () => {
    const content = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 256);
    const attachments = [{ name: "Wöchentlich & 'all'.pdf", type: "application/pdf", content }];
    const headers = { "List-Unsubscribe": "<https://edge.example/unsubscribe/t>" };
    const mail = { ...MAIL, html: "<p>It is there</p>", attachments, headers };
    const all = mimeOf(mail, { from: FROM, id: "1@edge.example", at: AT });
    expect(all).toMatch(/multipart\/mixed[\s\S]*multipart\/alternative[\s\S]*text\/html[\s\S]*application\/pdf/);
    expect(all).toContain("\r\nList-Unsubscribe: <https://edge.example/unsubscribe/t>\r\n");
    const [, name, body] = /filename\*=UTF-8''(\S+)\r\n\r\n([\w+/=\r\n]+)\r\n--/.exec(all) ?? [];
    expect(decodeURIComponent(name!)).toBe("Wöchentlich & 'all'.pdf");
    expect(Buffer.from(body!, "base64").equals(content)).toBe(true);
    expect(all.split("\r\n").every((line) => /^[ -~]*$/.test(line) && line.length <= 998)).toBe(true);
    const broken = { ...mail, headers: { "List-Unsubscribe": "x\r\nBcc: a@b.example" } };
    expect(() => mimeOf(broken, { from: FROM, id: "1@edge.example", at: AT })).toThrow("line break");
  });

  it("are ASCII, short, and hold no header or end that somebody wrote into a text", { timeout: 60_000 }, () => {
    const hostile = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(hostile, hostile, (subject, text) => {
        const all = lines({ subject: `${subject}\r\nBcc: a@b.example`, text: `${text}\r\n.\r\nQUIT` }).split("\r\n");
        expect(all.every((line) => /^[ -~]*$/.test(line) && line.length <= 998)).toBe(true);
        expect(all.filter((line) => /^(?:Bcc|QUIT|\.)/.test(line))).toEqual([]);
        const words = all.join("\n").match(/(?<==\?UTF-8\?B\?)[^?]*/g) ?? [];
        const read = words.map((word) => Buffer.from(word, "base64").toString("utf8")).join("");
        expect(read).toBe(`${subject.toWellFormed()}\r\nBcc: a@b.example`);
      }),
    );
    expect(() => lines({ to: "a@b.example\r\nBcc: c@d.example" })).toThrow("line break");
  });
});
