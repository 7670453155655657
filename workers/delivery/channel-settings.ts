// A channel's settings as somebody types them in: what may be told of them, and what becomes of them when some are changed.
import * as z from "zod";
import type { Channel } from "./channel.ts";
import { channels } from "./channels/index.ts";
import { type ChannelKind, isChannelKind } from "./tell-channel.ts";

export type Settings = Readonly<Record<string, unknown>>;

interface Field {
  writeOnly?: boolean;
  readOnly?: boolean;
}

function fieldsOf(kind: ChannelKind): Readonly<Record<string, Field>> {
  const { properties = {} } = z.toJSONSchema(channels[kind].config, { io: "input" });
  return properties as Record<string, Field>; // each property of an object is a schema
}

const isSettings = (value: unknown): value is Settings => typeof value === "object" && value !== null;

/** Those that are no secret, for who changes them. */
export function toldSettings(kind: string, config: unknown): Settings {
  if (!isChannelKind(kind) || !isSettings(config)) return {};
  const fields = fieldsOf(kind);
  return Object.fromEntries(
    Object.entries(config).filter(([name]) => !fields[name]?.writeOnly && !fields[name]?.readOnly),
  );
}

/**
 * What was typed in, over what there was: `before` null for a new channel, or one whose settings cannot be opened any more.
 * Left out or empty, a secret stays as it was.
 */
export function readSettings(
  kind: ChannelKind,
  typed: Settings,
  { before, now }: { before: unknown; now: number },
): z.ZodSafeParseResult<unknown> {
  const channel = channels[kind] as Channel<unknown>; // each is given what its own schema has read
  const fields = Object.entries(fieldsOf(kind));
  const readOnly = fields.filter(([, field]) => field.readOnly).map(([name]) => name);
  const old = channel.config.safeParse(before);
  const held = old.success && isSettings(old.data) ? old.data : {};
  const isKept = (name: string) => held[name] !== undefined && (typed[name] === undefined || typed[name] === "");
  const kept = fields.map(([name]) => name).filter((name) => isKept(name) && !readOnly.includes(name));
  const merged = { ...typed, ...Object.fromEntries(kept.map((name) => [name, held[name]])) };
  const read = channel.config.safeParse(
    Object.fromEntries(Object.entries(merged).filter(([name]) => !readOnly.includes(name))),
  );
  if (!read.success || !old.success || !channel.changed) return read;
  return { ...read, data: channel.changed(old.data, read.data, now) };
}
