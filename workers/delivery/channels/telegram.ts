import * as z from "zod";
import { type Channel, cut, deliveredBy, noteOf, postedJson } from "../channel.ts";

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
  deliver: (message, settings, ports) => telegram.tell!(noteOf(message), settings, ports),
  async tell({ title, body: lines, end: last, links }, { token, chat }, { fetch }) {
    const end = `\n${uncalled(last)}`;
    const text = cut(uncalled(`${title}\n${lines}`), TEXT_CHARS - end.length) + end;
    const body = {
      chat_id: chat,
      text,
      link_preview_options: { is_disabled: true },
      ...(links.length > 0 && { reply_markup: { inline_keyboard: [links] } }),
    };
    return deliveredBy(await fetch(`https://api.telegram.org/bot${token}/sendMessage`, postedJson(body)));
  },
};
