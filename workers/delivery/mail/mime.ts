// A mail as the lines that SMTP carries (RFC 5322, 2045, 2047, 2231, 2387): all of it ASCII, whatever is said in it.
import type { Mail } from "../channel.ts";

const LINE = /.{1,76}/g;
// Of UTF-8 in base64, an encoded word may have 75 characters with its frame.
const WORD_BYTES = 45;
/** Arguments of a call. */
const CHUNK = 8192;

const encoder = new TextEncoder();

/** Of a text in UTF-8, or of bytes; a file has millions, too many for a list of characters. */
export function base64(content: string | Uint8Array): string {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

/** Cut between characters, so that each word can be read by itself. */
function wordsOf(text: string): string {
  const words = [""];
  for (const character of text) {
    const last = words.length - 1;
    const longer = words[last] + character;
    if (encoder.encode(longer).length <= WORD_BYTES) words[last] = longer;
    else words.push(character);
  }
  return words.map((word) => `=?UTF-8?B?${base64(word)}?=`).join("\r\n ");
}

/** A header ends where its line does: whatever would begin another is not sent. */
function inOneLine(text: string): string {
  if (/[\r\n]/.test(text)) throw new Error("an address may not hold a line break");
  return text;
}

const part = (type: string, content: string | Uint8Array, ...more: string[]): string =>
  [
    `Content-Type: ${type}`,
    "Content-Transfer-Encoding: base64",
    ...more,
    "",
    ...(base64(content).match(LINE) ?? []),
    "",
  ].join("\r\n");

function multipart(kind: "alternative" | "related" | "mixed", parts: readonly string[]): string {
  const boundary = `=_${crypto.randomUUID()}`;
  const inside = parts.map((one) => `--${boundary}\r\n${one}`).join("");
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${inside}--${boundary}--\r\n`;
}

/** RFC 2231 for names beyond ASCII. */
const nameOf = (name: string): string => `filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", "%27")}`;

function contentOf(mail: Mail): string {
  const files = (mail.attachments ?? []).map(({ name, type, content }) =>
    part(inOneLine(type), content, `Content-Disposition: attachment; ${nameOf(name)}`),
  );
  return files.length === 0 ? bodyOf(mail) : multipart("mixed", [bodyOf(mail), ...files]);
}

function bodyOf({ text, html, picture }: Mail): string {
  const plain = part("text/plain; charset=utf-8", text);
  if (html === undefined) return plain;
  const both = multipart("alternative", [plain, part("text/html; charset=utf-8", html)]);
  if (!picture) return both;
  const { id, svg } = picture;
  const drawn = part(
    `image/svg+xml; name="${id}.svg"`,
    svg,
    `Content-ID: <${id}>`,
    `Content-Disposition: inline; filename="${id}.svg"`,
  );
  return multipart("related", [both, drawn]);
}

/** `at`: milliseconds. */
export function mimeOf(mail: Mail, { from, id, at }: { from: string; id: string; at: number }): string {
  return [
    `From: ${inOneLine(from)}`,
    `To: ${inOneLine(mail.to)}`,
    `Subject: ${wordsOf(mail.subject)}`,
    `Date: ${new Date(at).toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${inOneLine(id)}>`,
    // Nobody's absence is to be told to us.
    "Auto-Submitted: auto-generated",
    ...Object.entries(mail.headers ?? {}).map(([name, value]) => `${name}: ${inOneLine(value)}`),
    "MIME-Version: 1.0",
    contentOf(mail),
  ].join("\r\n");
}
