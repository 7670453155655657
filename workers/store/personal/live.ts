import type { PersonalStore } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { liveSite } from "../objects.ts";

export const live: PersonalStore<Env> = {
  name: "live",
  about: "the last half hour, as the live page shows it: in memory, and without ids",
  async erase(env, site) {
    await liveSite(env, site).refresh();
    return {
      store: this.name,
      removed: {},
      note: "was made again from the shards; it is never written down",
    };
  },
};
