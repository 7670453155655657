import * as z from "zod";
import { bodyOf, type Channel, cut, deliveredBy, isoTime, linksOf, postedJson, titleOf } from "../channel.ts";

const config = z.strictObject({
  token: z
    .string()
    .regex(/^\d{5,20}:[\w-]{30,60}$/, "use the token that BotFather gave, with its number and colon")
    .meta({
      title: "Token of the bot",
      description: "From BotFather. The bot must be a member of the chat.",
      writeOnly: true,
    }),
  chat: z
    .string()
    .regex(/^(?:-?\d{1,20}|@\w{5,32})$/, "use the chat's number, or @ and the channel's name")
    .meta({ title: "Chat", description: "Its number, or @ and the name of a channel." }),
});

const TEXT_CHARS = 4096;

/** A name behind @ would call whoever has it; a joiner between keeps it text. */
const uncalled = (text: string): string => text.replaceAll("@", "@\u2060");

/** The Bot API: https://core.telegram.org/bots/api#sendmessage. Without a parse mode no markup is read. */
export const telegram: Channel<z.infer<typeof config>> = {
  label: "Telegram",
  about: "Writes into a Telegram chat by a bot of yours.",
  config,
  async deliver(message, { token, chat }, { fetch }) {
    const { incident, at } = message;
    const end = `\n${incident.severity} · ${isoTime(at)}`;
    const text = cut(uncalled(`${titleOf(message)}\n${bodyOf(message)}`), TEXT_CHARS - end.length) + end;
    const buttons = linksOf(message);
    const body = {
      chat_id: chat,
      text,
      link_preview_options: { is_disabled: true },
      ...(buttons.length > 0 && { reply_markup: { inline_keyboard: [buttons] } }),
    };
    return deliveredBy(await fetch(`https://api.telegram.org/bot${token}/sendMessage`, postedJson(body)));
  },
};
