// The steps of a policy: who is told next while nobody has acknowledged. Pure; what was told is part of the rule's state, so
// that a step is told once whatever overlaps or is cut off.
import { memberChannel } from "../domain/member-channel.ts";
import type { NewEscalationPolicy, OnCallPerson } from "../domain/on-call.ts";
import { onCallAt, type Roster } from "./on-call.ts";
import { MINUTE_MS } from "./series.ts";
import { type RuleState, type Stepped, stepEach } from "./step.ts";

export interface Escalating {
  policy: NewEscalationPolicy;
  rotations: ReadonlyMap<string, Roster>;
  /** The rule's own, which were told when it fired. */
  channels: readonly string[];
  /** Now. */
  at: number;
}

/** A member who chose no channel is told by their own address. */
function channelsOf({ member, channels }: OnCallPerson): string[] {
  return channels.length === 0 && member ? [memberChannel(member)] : channels;
}

function recipients(step: NewEscalationPolicy["steps"][number], { rotations, at }: Escalating) {
  const onCall = step.rotations.flatMap((id) => {
    const rotation = rotations.get(id);
    return rotation ? [{ ...onCallAt(rotation, at), rotation: rotation.name }] : [];
  });
  const reached = onCall.flatMap(({ person }) => (person ? channelsOf(person) : []));
  const channels = [...new Set([...step.channels, ...reached])];
  const people = onCall.map(({ person, rotation, skipped }) => {
    const left = skipped.length === 0 ? "" : `, as ${skipped.join(", ")} left the team`;
    return `${person?.name ?? "nobody"} (on call, ${rotation}${left})`;
  });
  const others = step.channels.length;
  const who = [...people, ...(others > 0 ? [`${others} ${others === 1 ? "channel" : "channels"}`] : [])].join(", ");
  return { channels, who };
}

/** At most one step at a time, so that whoever is told late has their minutes too. */
function escalateOne(state: RuleState, asked: Escalating): Stepped {
  const { incident, escalation } = state;
  const { policy, channels: own, at } = asked;
  const { steps, repeats, repeatAfterMinutes } = policy;
  const isOver = escalation.steps >= steps.length * (1 + repeats);
  if (incident?.state !== "firing" || incident.group !== null || isOver) return { state, change: null };
  const index = escalation.steps % steps.length;
  const round = Math.floor(escalation.steps / steps.length);
  const step = steps[index]!; // steps is not empty
  const wait = index === 0 && round > 0 ? repeatAfterMinutes : step.afterMinutes;
  if (at - escalation.at < wait * MINUTE_MS) return { state, change: null };
  const number = escalation.steps + 1;
  const { channels, who } = recipients(step, asked);
  // The rule's own channels have just been told.
  const also = number === 1 && wait === 0 ? channels.filter((id) => !own.includes(id)) : channels;
  const told = [...new Set([...escalation.told, ...channels])];
  const times = round > 0 ? `, time ${round + 1}` : "";
  const text = `step ${index + 1} of ${steps.length}${times}: ${who === "" ? "nobody, its rotation was removed" : who}`;
  return {
    state: { ...state, escalation: { ...escalation, steps: number, at, told } },
    change: {
      incident,
      entry: { key: `escalated-${incident.turn}-${number}`, at, kind: "escalated", by: "", text, value: null },
      also,
    },
  };
}

/** What is open of the rule; of each value of its split by itself. */
export const escalate = (state: RuleState, asked: Escalating) => stepEach(state, (one) => escalateOne(one, asked));
