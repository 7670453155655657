import * as z from "zod";
import { bodyOf, type Channel, isoTime, linksOf, type SentMessage, titleOf } from "../channel.ts";

const config = z.strictObject({ to: z.email().max(254).meta({ title: "Address" }) });

const PICTURE = "chart";
const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => MARKUP[one] ?? one);

/** Each line by itself in its own direction, so that none turns the next. */
const paragraph = (text: string): string => `<p dir="auto">${escaped(text)}</p>`;

function htmlOf(message: SentMessage): string {
  const { incident, at, chart } = message;
  const links = linksOf(message).map(({ text, url }) => `<a href="${escaped(url)}">${text}</a>`);
  return [
    `<h2 dir="auto">${escaped(titleOf(message))}</h2>`,
    ...bodyOf(message).split("\n").map(paragraph),
    chart ? `<p><img src="cid:${PICTURE}" alt="Chart of the metric" width="560"></p>` : "",
    paragraph(`Severity: ${incident.severity} · ${isoTime(at)}`),
    `<p>${links.join(" · ")}</p>`,
  ].join("\n");
}

/** By the mail that this deployment sends invitations with. */
export const email: Channel<z.infer<typeof config>> = {
  label: "E-mail",
  about: "By the mail that this deployment is set up with. Without any, messages are listed under Deliveries alone.",
  config,
  async deliver(message, { to }, { mail }) {
    const { key, incident, at, chart } = message;
    const links = linksOf(message).map(({ text, url }) => `${text}: ${url}`);
    const lines = [bodyOf(message), "", `Severity: ${incident.severity}`, `Time: ${isoTime(at)}`, ...links];
    return mail({
      to,
      subject: titleOf(message),
      text: lines.join("\n"),
      html: htmlOf(message),
      ...(chart && { picture: { id: PICTURE, svg: chart.svg } }),
      key,
    });
  },
};
