// What each analysis answers, as clients read it.
import type { FunnelResult } from "../analyses/funnel.ts";
import type { PathsResult } from "../analyses/path-sankey.ts";
import type { PropertiesResult } from "../analyses/properties.ts";
import type { RetentionResult } from "../analyses/retention.ts";

export interface Answers {
  funnel: FunnelResult;
  retention: RetentionResult;
  paths: PathsResult;
  properties: PropertiesResult;
}
