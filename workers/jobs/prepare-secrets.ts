import { makeSecretsAhead } from "../store/secrets.ts";
import type { Job } from "./index.ts";

/** The secrets of the days around today exist before their first visitor comes. */
export const prepareSecrets: Job = { name: "prepareSecrets", cron: "7 * * * *", run: makeSecretsAhead };
