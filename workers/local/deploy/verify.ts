// The check after a deployment: an event goes in at the Worker's address and is asked for at the dashboard's, so that
// collecting, storing, asking and the Function between the two are all seen to work.

/** Where the two answer, without a slash at the end. */
export interface Origins {
  worker: string;
  dashboard: string;
}

export type Verdict = { ok: true; detail: string } | { ok: false; detail: string; remedy: string };

export interface VerifyDeps {
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  wait: (ms: number) => Promise<unknown>;
  /** Tells this check's event from those of earlier ones. */
  marker: string;
}

/** A site of its own, so that the check is in nobody's figures. */
export const CHECK_SITE = "edgewise-check";

const EVERY_MS = 2000;
const START_TRIES = 45;
const ANSWER_TRIES = 15;
/** An ordinary browser: the check must pass the filter for bots. */
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

export async function verifyDeployment(origins: Origins, token: string | null, deps: VerifyDeps): Promise<Verdict> {
  if (!(await retried(START_TRIES, deps, async () => (await deps.fetch(`${origins.worker}/health`)).ok))) {
    return failed(
      `${origins.worker}/health does not answer`,
      "a new address can take minutes: run npm run deploy again",
    );
  }
  const reaches = await retried(START_TRIES, deps, async () => {
    const answer = await deps.fetch(`${origins.dashboard}/api/v2/query`, { method: "POST", body: "{}" });
    return isProblem(answer);
  });
  if (!reaches) {
    return failed(
      `${origins.dashboard}/api does not reach the Worker`,
      "see that the Worker of dashboard/wrangler.toml's service binding exists",
    );
  }
  if (token === null) {
    return { ok: true, detail: "both answer (set EDGEWISE_TOKEN to the owner's token to send a test event as well)" };
  }
  return sendAndAsk(origins, token, deps);
}

async function sendAndAsk({ worker, dashboard }: Origins, token: string, deps: VerifyDeps): Promise<Verdict> {
  const { fetch, marker } = deps;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "user-agent": BROWSER };
  const post = (url: string, body: unknown): Promise<Response> =>
    fetch(url, { method: "POST", headers, body: JSON.stringify(body) });

  const made = await post(`${worker}/api/v1/sites`, { id: CHECK_SITE, name: "Deployment check" });
  if (made.status === 401) return failed("the Worker refuses the token", "run npm run deploy -- --new-token");
  if (!made.ok && made.status !== 409) return failed(`the check's site was refused: ${await made.text()}`, LOGS);

  const path = `/deploy/${marker}`;
  const sent = await post(`${worker}/api/event`, {
    site: CHECK_SITE,
    name: "deploy_check",
    url: `https://check.invalid${path}`,
  });
  if (sent.status !== 202) return failed(`the test event was refused: ${await sent.text()}`, LOGS);

  const question = {
    site_id: CHECK_SITE,
    metrics: ["events"],
    date_range: "day",
    filters: [["is", "event:page", [path]]],
  };
  const seen = await retried(ANSWER_TRIES, deps, async () => {
    const answer = await post(`${dashboard}/api/v2/query`, question);
    if (!answer.ok) return false;
    const { results }: { results?: { metrics: number[] }[] } = await answer.json();
    return results?.[0]?.metrics[0] === 1;
  });
  if (!seen) return failed("the test event did not come out at the dashboard", LOGS);
  return { ok: true, detail: "a test event went in at the Worker and came out at the dashboard" };
}

const LOGS = "read the Worker's log with npx wrangler tail";

function failed(detail: string, remedy: string): Verdict {
  return { ok: false, detail, remedy };
}

/** Whether the Worker itself answered: a refusal in its own form, which no page of Pages has. */
function isProblem(answer: Response): boolean {
  return answer.headers.get("content-type")?.startsWith("application/problem+json") ?? false;
}

/** Asks again while it is no, or the network fails: a new address is known everywhere only after a while. */
async function retried(tries: number, { wait }: VerifyDeps, ask: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < tries; i++) {
    if (i > 0) await wait(EVERY_MS);
    if (await ask().catch(() => false)) return true;
  }
  return false;
}
