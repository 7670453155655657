// Making, changing and removing what stands in the table of resources, for whoever asks.
import { AppError } from "../domain/errors.ts";
import {
  addResource,
  changeResource,
  findResource,
  type Kept,
  MOST_RESOURCES,
  type ResourceBodies,
  type ResourceKind,
  removeResource,
  type Shelf,
} from "../store/resources.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf } from "./author.ts";
import { notChanged, versionAsked } from "./versions.ts";

export const unknownResource = ({ kind }: Shelf<ResourceKind>): AppError =>
  new AppError("not_found", `the site has no such ${kind}`);

/** What others may see of it: of a private board nothing but that it is one, of a rotation not who is in it. */
export function openPart(kept: object): object {
  if ("people" in kept && "name" in kept) return { name: kept.name };
  return "visibility" in kept && kept.visibility === "private" ? { visibility: "private" } : kept;
}

export async function keepResource<Kind extends ResourceKind>(
  c: AppContext,
  shelf: Shelf<Kind>,
  body: ResourceBodies[Kind],
): Promise<Kept<Kind>> {
  const kept = await addResource(c.env.DB, shelf, { body, author: authorOf(c), now: Date.now() });
  if (kept) {
    recordChange(c, { made: kept.id, after: openPart(kept) });
    return kept;
  }
  throw new AppError("conflict", `the site has ${MOST_RESOURCES} ${shelf.kind}s; remove some first`);
}

/** Throws what there is now where it is not the version that `If-Match` names. */
export async function changeKept<Kind extends ResourceKind>(
  c: AppContext,
  shelf: Shelf<Kind>,
  change: { id: string; body: ResourceBodies[Kind] },
): Promise<Kept<Kind>> {
  const before = await findResource(c.env.DB, shelf, change.id);
  const kept = await changeResource(c.env.DB, shelf, { ...change, version: versionAsked(c), now: Date.now() });
  if (kept) {
    recordChange(c, { before: before && openPart(before), after: openPart(kept) });
    return kept;
  }
  throw notChanged(await findResource(c.env.DB, shelf, change.id), () => unknownResource(shelf));
}

export async function removeKept<Kind extends ResourceKind>(
  c: AppContext,
  shelf: Shelf<Kind>,
  id: string,
): Promise<void> {
  const before = await findResource(c.env.DB, shelf, id);
  if (await removeResource(c.env.DB, shelf, { id, version: versionAsked(c) })) {
    recordChange(c, { before: before && openPart(before) });
    return;
  }
  throw notChanged(await findResource(c.env.DB, shelf, id), () => unknownResource(shelf));
}

export async function findKept<Kind extends ResourceKind>(
  c: AppContext,
  shelf: Shelf<Kind>,
  id: string,
): Promise<Kept<Kind>> {
  const kept = await findResource(c.env.DB, shelf, id);
  if (!kept) throw unknownResource(shelf);
  return kept;
}
