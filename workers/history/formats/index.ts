import type { HistoryFormat } from "../format.ts";
import { ga4 } from "./ga4.ts";
import { plausible } from "./plausible.ts";

export const historyFormats = { plausible, ga4 } as const satisfies Record<string, HistoryFormat>;
