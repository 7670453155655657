// What all resources of a site say of themselves, whatever they are.

import * as z from "zod";
import type { SiteId } from "./site.ts";

export const resourceName = z.string().trim().min(1).max(120);

export interface Author {
  /** As the log of requests names who asks. */
  id: string;
  name: string;
}

export interface Resource {
  id: string;
  siteId: SiteId;
  /** Counts its changes; what `If-Match` names. */
  version: number;
  /** Null for those who read by a share link. */
  createdBy: Author | null;
  /** Milliseconds. */
  createdAt: number;
  updatedAt: number;
}
