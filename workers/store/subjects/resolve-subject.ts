// Which browsers and visitors were a person's alone. Pure but for the questions, which are put to all shards of the site.
import type { Identity, Subject, WantedIdentities } from "../../domain/subject.ts";

export type AskIdentities = (wanted: WantedIdentities) => Promise<Identity[]>;

export interface Resolved extends Pick<Subject, "persistentIds" | "visitorIds"> {
  /** Visitors with any event of theirs, also those whom they share with others. */
  touched: string[];
}

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)].filter((id) => id !== "");

/**
 * A browser is theirs alone when no event of it names another user; a visitor, when no event of theirs names another user or comes
 * from another browser. What cannot be told from another's stays.
 */
export async function resolveSubject(
  { userId, persistentIds: given }: Pick<Subject, "userId" | "persistentIds">,
  ask: AskIdentities,
): Promise<Resolved> {
  const named = await ask({ userIds: distinct([userId]), persistentIds: given, visitorIds: [] });
  const browsers = distinct([...given, ...named.map(({ persistentId }) => persistentId)]);
  const visitors = distinct(named.map(({ visitorId }) => visitorId));
  const near = await ask({ userIds: [], persistentIds: browsers, visitorIds: visitors });
  const isOther = (other: string) => other !== "" && other !== userId;
  const shared = new Set(
    near.filter((one) => isOther(one.userId) && !given.includes(one.persistentId)).map((one) => one.persistentId),
  );
  const own = browsers.filter((browser) => !shared.has(browser));
  const isOwn = (browser: string) => own.includes(browser);
  const touched = distinct([
    ...visitors,
    ...near.filter(({ persistentId }) => isOwn(persistentId)).map(({ visitorId }) => visitorId),
  ]);
  const all = await ask({ userIds: [], persistentIds: [], visitorIds: touched });
  const others = new Set(
    all
      .filter(({ userId: user, persistentId }) => {
        if (given.includes(persistentId)) return false;
        return isOther(user) || (persistentId !== "" && !isOwn(persistentId));
      })
      .map(({ visitorId }) => visitorId),
  );
  return { persistentIds: own, visitorIds: touched.filter((visitor) => !others.has(visitor)), touched };
}
