import type { PersonalStore } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { listEndedBackups } from "../backups.ts";

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Copies that lie elsewhere: they are named. A restore leaves out whom it is told of. */
export const backups: PersonalStore<Env> = {
  name: "backups",
  about: "copies of the whole deployment, kept wherever the operator puts them",
  async erase({ DB }) {
    const all = await listEndedBackups(DB);
    const names = all.map(({ name, beganAt }) => `${name} (${dateOf(beganAt)})`).join(", ");
    const note =
      all.length === 0
        ? "none was made"
        : `not touched; these may still hold the person until they are removed: ${names}. A restore here leaves the person out; elsewhere when it is told of the erasure (--erased).`;
    return { store: "backups", removed: {}, note };
  },
};
