// What is happening now, as absolute windowed counts. A function of the events and of when they came, so that waking from
// storage gives the same state as never having slept; when what is over was forgotten makes no difference.
import { ENGAGEMENT, type Event } from "../../workers/domain/event.ts";
import { matchesGoal } from "../../workers/domain/goal.ts";
import type { LiveEvent } from "../../workers/domain/live.ts";
import type { Goal } from "../../workers/domain/site.ts";
import type { ShardLive } from "./protocol.ts";
import {
  createMinutes,
  createOpenSessions,
  createPresence,
  OPEN_MS,
  type OpenSession,
  REMEMBERED_MS,
  type VisitorSession,
} from "./windows.ts";

const STREAM = 50;

export type LiveFacts = Pick<Event, "name" | "at" | "visitorId" | "path" | "source" | "country" | "device" | "browser">;

export interface LiveCounters {
  /** `now`: when the event came. Events that happened before the windows began leave no trace. */
  apply(event: LiveFacts, now: number): void;
  /** An event of before the restart, whose session was restored. */
  replay(event: LiveFacts, now: number): void;
  /** Passes over an event of a visitor that another shard counts; the keys of the stream go on. */
  pass(): void;
  /** Forgets what has left its window. */
  expire(now: number): void;
  /** The visitor's session, unless it is over by `now`. */
  openSession(visitorId: string, now: number): OpenSession | undefined;
  /** What a restart cannot tell from recent events alone. */
  openSessions(now: number): VisitorSession[];
  /** Before any event is applied. */
  restoreSession(visitorId: string, session: OpenSession): void;
  state(goals: readonly Goal[]): Omit<ShardLive, "epoch" | "shard" | "sequence" | "given" | "taken">;
}

/** `counted`: events that came before the first one to be applied; the keys of the stream go on from there. */
export function createLiveCounters(counted = 0): LiveCounters {
  const presence = createPresence();
  const open = createOpenSessions();
  const minutes = createMinutes();
  /** Oldest first. */
  let stream: LiveEvent[] = [];
  let ordinal = counted;

  function list({ at, name, path, source, country, device, browser }: LiveFacts): void {
    stream.push({ key: String(ordinal), at, name, path, source, country, device, browser });
    if (stream.length > STREAM) stream.shift();
  }

  function count(event: LiveFacts, now: number, recent: boolean): void {
    ordinal++;
    presence.arrive(event, open.get(event.visitorId, now)?.source ?? event.source, now);
    if (event.name === ENGAGEMENT || !recent) return;
    minutes.tally(event);
    list(event);
  }

  const isRecent = (event: LiveFacts, now: number) => event.at >= now - OPEN_MS;

  return {
    apply(event, now) {
      const recent = isRecent(event, now);
      if (recent) open.extend(event);
      count(event, now, recent);
    },
    replay: (event, now) => count(event, now, isRecent(event, now)),
    pass() {
      ordinal++;
    },
    expire(now) {
      presence.expire(now);
      open.expire(now);
      minutes.expire(now);
      stream = stream.filter((event) => event.at > now - REMEMBERED_MS);
    },
    openSession: open.get,
    openSessions: open.all,
    restoreSession: open.restore,
    state: (goals) => ({
      ...presence.state(),
      minutes: minutes.state(),
      goals: goals.map((goal) => ({
        name: goal.name,
        count: minutes.sum(goal.kind, (key) => matchesGoal(goal, key)),
      })),
      events: stream.toReversed(),
    }),
  };
}
