// What works once and not for long, kept as better-auth keeps its own: hashed, and taken by whoever deletes it.
import type { Accounts } from "./accounts.ts";

interface OneTime {
  /** The kind and the secret: `link …`. */
  name: string;
  value: string;
  seconds: number;
}

export async function keepOnce(accounts: Accounts, { name, value, seconds }: OneTime): Promise<void> {
  const { internalAdapter } = await accounts.$context;
  const expiresAt = new Date(Date.now() + seconds * 1000);
  await internalAdapter.createVerificationValue({ identifier: name, value, expiresAt });
}

/** What was kept under the name, for the first who asks; null when it is over. */
export async function takeOnce(accounts: Accounts, name: string): Promise<string | null> {
  const { internalAdapter } = await accounts.$context;
  return (await internalAdapter.consumeVerificationValue(name))?.value ?? null;
}
