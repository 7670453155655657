import type { SecretStore } from "./secrets.ts";

const succeeds = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );

/** Whether D1 has its tables and KV answers. */
export async function readiness({ DB, SECRETS }: SecretStore): Promise<{ d1: boolean; kv: boolean }> {
  const d1 = await succeeds(DB.prepare("select 1 from sites limit 1").all());
  return { d1, kv: await succeeds(SECRETS.get("identity")) };
}
