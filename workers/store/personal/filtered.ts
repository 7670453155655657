import type { PersonalStore } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { removeSamples, sampledDetails } from "../drop-samples.ts";
import { identityKey } from "../secrets.ts";
import { createNameEraser } from "../subjects/names.ts";

export const filtered: PersonalStore<Env> = {
  name: "filtered",
  about: "samples of what was refused, without ids: a host, a bot's name, an entry of the settings or a field",
  async erase(env, site, { names }) {
    const erase = createNameEraser([{ names }], { identityKey: await identityKey(env), siteId: site.id });
    const named = (await sampledDetails(env.DB, site.id)).filter((detail) => erase(detail) !== detail);
    const rows = named.length > 0 ? await removeSamples(env.DB, site.id, named) : 0;
    return {
      store: this.name,
      removed: { rows },
      note: "holds no ids; a refused host that is one of the given names is removed, one that has it as a part ends 30 days after it was seen",
    };
  },
};
