import type { PersonalStore } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { listArchiveDays } from "../archive/archive-days.ts";

/** Days in the bucket are not rewritten: the receipt says which there are, so that nobody takes them for erased. */
export const archive: PersonalStore<Env> = {
  name: "archive",
  about: "events of older days as Parquet files, where the site archives",
  async erase({ DB }, site) {
    const dates = (await listArchiveDays(DB, site.id)).map(({ date }) => date).sort();
    const [first] = dates;
    const last = dates.at(-1);
    const note =
      first === undefined
        ? "nothing is archived"
        : `not touched; ${dates.length} archived days from ${first} to ${last} may still hold the person until they are removed`;
    return { store: "archive", removed: {}, note };
  },
};
