// Whether somebody is signed in. A claim token may come in the address (`#token=…`); it is used once and removed from there.
import { signal } from "@preact/signals";
import { type Action, MAIN_TEAM, type Role } from "../../workers/domain/access.ts";
import { onSignedOut, type Reply, request } from "./api.ts";

/** A team the reader is in, and what they may there. */
export interface OwnTeam {
  id: string;
  name: string;
  role: Role;
  may: readonly Action[];
}

export interface Session {
  signedIn: true;
  /** `share` for who reads by a share link; null for a person in no team. */
  role: Role | "share" | null;
  /** Of a share link: the one board that it shows, null where it shows the site. */
  boardId?: string | null;
  /** Absent for who holds the deployment's token. */
  person?: { id: string; name: string; email: string };
  teams: OwnTeam[];
  /** Where trackers load and send, when it is not the dashboard's own origin. */
  collectOrigin?: string;
}

type State = { phase: "checking" } | { phase: "out"; message?: string } | { phase: "in"; session: Session };

export const session = signal<State>({ phase: "checking" });

const PATH = "/api/v1/session";

onSignedOut(() => {
  if (session.value.phase === "in")
    session.value = { phase: "out", message: "Your session has ended. Please sign in again." };
});

export async function loadSession(): Promise<void> {
  const reply = await request<Session>(PATH, { quiet: true });
  if (reply.ok) session.value = { phase: "in", session: reply.value };
  else if (reply.failure.status === 401) session.value = { phase: "out" };
  else session.value = { phase: "out", message: reply.failure.detail };
}

export type Credentials = { token: string } | { email: string; password: string };

export async function signIn(credentials: Credentials): Promise<Reply<null>> {
  const reply = await request<null>(PATH, { method: "POST", send: credentials, quiet: true });
  if (reply.ok) await loadSession();
  return reply;
}

export async function signOut(): Promise<void> {
  await request<null>(PATH, { method: "DELETE", quiet: true });
  session.value = { phase: "out" };
}

function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

// A link followed in a tab that is already here changes nothing but the fragment.
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#token=")) void startSession();
});

/** Run once at start. */
export async function startSession(): Promise<void> {
  const token = takeToken();
  if (!token) return loadSession();
  const reply = await signIn({ token });
  if (reply.ok) return;
  const message =
    reply.failure.status === 401
      ? "This sign-in link is not valid any more. Paste the token instead."
      : reply.failure.detail;
  session.value = { phase: "out", message };
}

export function collectOrigin(): string {
  return (session.value.phase === "in" && session.value.session.collectOrigin) || location.origin;
}

/** The reader's own address; null for who holds the deployment's token. */
export const ownAddress = (): string | null =>
  (session.value.phase === "in" && session.value.session.person?.email) || null;

const ownTeams = (): OwnTeam[] => (session.value.phase === "in" ? session.value.session.teams : []);

/** Whether the reader may do that in the team. */
export const mayIn = (teamId: string, action: Action): boolean =>
  ownTeams().some((team) => team.id === teamId && team.may.includes(action));

/** Whether the reader may do that in some team. */
export const mayAnywhere = (action: Action): boolean => ownTeams().some(({ may }) => may.includes(action));

export const teamName = (teamId: string): string => ownTeams().find(({ id }) => id === teamId)?.name ?? teamId;

/** How the system is doing: for owners and admins of the deployment's own team, and who holds its token. */
export const maySeeSystem = (): boolean => mayIn(MAIN_TEAM, "audit");

/** Whether the site's settings have anything for the reader. */
export const maySettle = ({ teamId }: { teamId: string }): boolean =>
  (["settings", "define", "keys", "shares", "members"] as const).some((action) => mayIn(teamId, action));
