// A mail server on this machine: takes what it is given over SMTP, in the clear, and keeps the last part of the talk as it came.

import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";

export interface MailServer {
  /** As `EDGEWISE_SMTP_URL`. */
  url: string;
  /** The next mail, or one that came already and was not asked for. */
  next: () => Promise<string>;
  close: () => void;
}

/** Base64 bodies of a mail as text, in order. */
export const partsOf = (mail: string): string[] =>
  [...mail.matchAll(/Content-Transfer-Encoding: base64\r\n(?:[\w-]+: [^\r\n]*\r\n)*\r\n([\w+/=\r\n]+)/g)].map(
    ([, body]) => Buffer.from(body!, "base64").toString("utf8"),
  );

export async function startMailServer(): Promise<MailServer> {
  const mails: string[] = [];
  const waiting: ((mail: string) => void)[] = [];
  const take = (mail: string) => {
    const first = waiting.shift();
    if (first) first(mail);
    else mails.push(mail);
  };
  const answer = (line: string) => {
    if (/^EHLO/i.test(line)) return "250-mail.example\r\n250 8BITMIME\r\n";
    if (/^DATA/i.test(line)) return "354 go on\r\n";
    return /^QUIT/i.test(line) ? "221 bye\r\n" : "250 ok\r\n";
  };
  const talk = (socket: Socket) => {
    let heard = "";
    let isData = false;
    socket.setEncoding("utf8").on("error", () => socket.destroy());
    socket.write("220 mail.example ready\r\n");
    socket.on("data", (chunk: string) => {
      heard += chunk;
      for (;;) {
        const end = heard.indexOf(isData ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const said = heard.slice(0, end);
        heard = heard.slice(end + (isData ? 5 : 2));
        if (isData) take(said);
        socket.write(isData ? "250 taken\r\n" : answer(said));
        isData = !isData && /^DATA/i.test(said);
      }
    });
  };
  const server = createServer(talk);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}?tls=no`,
    next: () => {
      const first = mails.shift();
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
    },
    close: () => server.close(),
  };
}
