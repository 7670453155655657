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
import { authorOf } from "./author.ts";
import { notChanged, versionAsked } from "./versions.ts";

export const unknownResource = ({ kind }: Shelf<ResourceKind>): AppError =>
  new AppError("not_found", `the site has no such ${kind}`);

export async function keepResource<Kind extends ResourceKind>(
  c: AppContext,
  shelf: Shelf<Kind>,
  body: ResourceBodies[Kind],
): Promise<Kept<Kind>> {
  const kept = await addResource(c.env.DB, shelf, { body, author: authorOf(c), now: Date.now() });
  if (kept) return kept;
  throw new AppError("conflict", `the site has ${MOST_RESOURCES} ${shelf.kind}s; remove some first`);
}

/** Throws what there is now where it is not the version that `If-Match` names. */
export async function changeKept<Kind extends ResourceKind>(
  c: AppContext,
  shelf: Shelf<Kind>,
  change: { id: string; body: ResourceBodies[Kind] },
): Promise<Kept<Kind>> {
  const kept = await changeResource(c.env.DB, shelf, { ...change, version: versionAsked(c), now: Date.now() });
  if (kept) return kept;
  throw notChanged(await findResource(c.env.DB, shelf, change.id), () => unknownResource(shelf));
}

export async function removeKept<Kind extends ResourceKind>(
  c: AppContext,
  shelf: Shelf<Kind>,
  id: string,
): Promise<void> {
  if (await removeResource(c.env.DB, shelf, { id, version: versionAsked(c) })) return;
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
