// Who is on call, who is told after whom, and when nobody is woken.

import type { Quiet } from "../../workers/domain/alert.ts";
import type {
  EscalationPolicy,
  NewEscalationPolicy,
  NewRotation,
  Rotation,
  Shift,
} from "../../workers/domain/on-call.ts";
import { type Reply, request } from "./api.ts";
import { sitePath } from "./sites.ts";

export type { EscalationPolicy, NewEscalationPolicy, NewRotation, Quiet, Rotation };

export interface OnCall {
  id: string;
  name: string;
  /** The first one runs. */
  shifts: Shift[];
}

interface Span {
  from: number;
  until: number;
}

/** All of them, one ended early: what has begun was until now, what has not is taken back. */
export const endedEarly = <Window extends Span>(windows: readonly Window[], ended: Window, now: number): Window[] =>
  windows.flatMap((one) => (one !== ended ? one : one.from < now ? { ...one, until: now } : []));

const at = (site: string, path: string): string => `${sitePath(site)}/${path}`;
const one = (site: string, path: string, id: string): string => at(site, `${path}/${encodeURIComponent(id)}`);

const ROTATIONS = "on-call-rotations";
const POLICIES = "escalation-policies";
const MAINTENANCE = "alert-maintenance";

export const loadOnCall = (site: string): Promise<Reply<{ rotations: OnCall[] }>> => request(at(site, "on-call"));

export const loadRotations = (site: string): Promise<Reply<{ rotations: Rotation[] }>> => request(at(site, ROTATIONS));
export const saveRotation = (site: string, send: NewRotation, id?: string): Promise<Reply<Rotation>> =>
  id === undefined
    ? request(at(site, ROTATIONS), { method: "POST", send })
    : request(one(site, ROTATIONS, id), { method: "PUT", send });
export const removeRotation = (site: string, id: string): Promise<Reply<null>> =>
  request(one(site, ROTATIONS, id), { method: "DELETE" });

export const loadPolicies = (site: string): Promise<Reply<{ policies: EscalationPolicy[] }>> =>
  request(at(site, POLICIES));
export const savePolicy = (site: string, send: NewEscalationPolicy, id?: string): Promise<Reply<EscalationPolicy>> =>
  id === undefined
    ? request(at(site, POLICIES), { method: "POST", send })
    : request(one(site, POLICIES, id), { method: "PUT", send });
export const removePolicy = (site: string, id: string): Promise<Reply<null>> =>
  request(one(site, POLICIES, id), { method: "DELETE" });

export const loadMaintenance = (site: string): Promise<Reply<{ windows: Quiet[] }>> => request(at(site, MAINTENANCE));
export const saveMaintenance = (site: string, windows: readonly Quiet[]): Promise<Reply<{ windows: Quiet[] }>> =>
  request(at(site, MAINTENANCE), { method: "PUT", send: { windows } });
