import { destroyOldSecrets } from "../store/secrets.ts";
import type { Job } from "./index.ts";

/** The secrets of days that are over for two days are destroyed; from then on nobody can make an id of those days again. */
export const destroySecrets: Job = { name: "destroySecrets", cron: "7 * * * *", run: destroyOldSecrets };
