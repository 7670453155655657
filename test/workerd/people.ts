// People as the doors make them: claimed, invited, signed in.
import { ADMIN_TOKEN, type Answer, call, ok } from "./worker.ts";

export const PASSWORD = "correct horse battery";

export interface SignedIn {
  email: string;
  headers: { cookie: string };
}

/** The cookies of an answer, as the next request sends them. */
export function cookiesOf({ headers }: Pick<Answer<unknown>, "headers">): { cookie: string } {
  return {
    cookie: headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; "),
  };
}

export const post = <Body = unknown>(path: string, body: unknown, headers: Record<string, string> = {}) =>
  call<Body>("POST", path, { token: "", body, headers });

let made = 0;
export const anEmail = (name: string): string => `${name}-${++made}@example.com`;

/** Makes the deployment's first owner. */
export async function claimOwner(email = anEmail("owner")): Promise<SignedIn> {
  const answer = await post("/api/v1/claim", { token: ADMIN_TOKEN, name: "Olga", email, password: PASSWORD });
  if (answer.status !== 204) throw new Error(JSON.stringify(answer.body));
  return { email, headers: cookiesOf(answer) };
}

export const tokenOf = (link: string): string => link.slice(link.indexOf("#code=") + "#code=".length);

/** Invites and accepts, as somebody new. */
export async function join(team: string, role: string, scopes: string[] = []): Promise<SignedIn> {
  const email = anEmail(role);
  const { link } = await ok<{ link: string }>("POST", `/api/v1/teams/${team}/invitations`, { email, role, scopes });
  const answer = await post(`/api/v1/invitations/${tokenOf(link)}`, { name: role, password: PASSWORD });
  if (answer.status !== 204) throw new Error(JSON.stringify(answer.body));
  return { email, headers: cookiesOf(answer) };
}
