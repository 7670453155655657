// What every target of metrics is: a form and a way to send samples there. Whoever calls says when, and keeps what was sent.
import type * as z from "zod";
import type { SampleUnit, SentSample } from "../domain/metric-sample.ts";
import type { ChannelPorts, Delivered } from "./channel.ts";

export interface Batch {
  samples: readonly SentSample[];
  /** When the samples hold, milliseconds. */
  at: number;
}

export interface Target<Config> {
  label: string;
  about: string;
  config: z.ZodType<Config>;
  send(batch: Batch, config: Config, ports: Pick<ChannelPorts, "fetch">): Promise<Delivered>;
}

/** Of counters whose growth nobody knows yet. */
export const NOTHING_YET: Delivered = { result: "sent", told: "there was nothing to send yet" };

/** `edgewise_site_visitors` → `edgewise.site.visitors`, as services with dots in their names write it. */
export const dottedName = (name: string): string => name.replace(/^edgewise_(site|system|kpi)_/, "edgewise.$1.");

/** UCUM, which OpenTelemetry asks for; a count of things is 1. */
export const UCUM: Readonly<Record<SampleUnit, string>> = {
  count: "1",
  ratio: "1",
  percent: "%",
  seconds: "s",
  milliseconds: "ms",
  bytes: "By",
  dollars: "{USD}",
  money: "{money}",
};
