// A report being composed: changes are a draft until they are saved, and outlive a click on another page in this tab.
import { useEffect, useState } from "preact/hooks";
import type { NewReport, Report } from "../../workers/domain/report.ts";
import type { Failure, Reply } from "./api.ts";
import { isChanged, reportFields } from "./report-draft.ts";
import { loadReport, saveReport } from "./reports.ts";

const CONFLICT = 412;
const keyOf = (id: string): string => `edgewise.report ${id}`;

interface KeptDraft {
  base: Report;
  draft: NewReport;
}

function kept(id: string): KeptDraft | null {
  try {
    const text = sessionStorage.getItem(keyOf(id));
    return text === null ? null : (JSON.parse(text) as KeptDraft); // written by keep alone
  } catch {
    return null;
  }
}

function keep({ base, draft }: KeptDraft): void {
  try {
    if (isChanged(base, draft)) sessionStorage.setItem(keyOf(base.id), JSON.stringify({ base, draft }));
    else sessionStorage.removeItem(keyOf(base.id));
  } catch {
    // A browser that stores nothing, or no more, keeps the draft as long as the page is open.
  }
}

export interface ReportEditing {
  base: Report | null;
  draft: NewReport | null;
  /** Why there is nothing to edit. */
  failure: Failure | null;
  /** Why it was not saved. */
  refused: Failure | null;
  /** Somebody else has saved it meanwhile. */
  stale: boolean;
  busy: boolean;
  changed: boolean;
  change: (part: Partial<NewReport>) => void;
  /** `over`: also where somebody else has saved meanwhile. */
  save: (options?: { over?: boolean }) => Promise<void>;
  discard: () => Promise<void>;
  load: () => Promise<void>;
}

export function useReportEditing(siteId: string, id: string): ReportEditing {
  const [state, setState] = useState<KeptDraft | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const take = (reply: Reply<Report>) => {
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setState({ base: reply.value, draft: reportFields(reply.value) });
  };
  const load = async () => take(await loadReport(siteId, id));
  useEffect(() => {
    const before = kept(id);
    if (before) setState(before);
    else void load();
  }, [siteId, id]);
  useEffect(() => {
    if (state) keep(state);
  }, [state]);
  const save: ReportEditing["save"] = async ({ over = false } = {}) => {
    if (!state) return;
    setBusy(true);
    const newest = over ? await loadReport(siteId, id) : null;
    const reply = newest && !newest.ok ? newest : await saveReport(siteId, newest?.value ?? state.base, state.draft);
    setBusy(false);
    setRefused(reply.ok ? null : reply.failure);
    if (reply.ok) take(reply);
  };
  return {
    base: state?.base ?? null,
    draft: state?.draft ?? null,
    failure,
    refused,
    stale: refused?.status === CONFLICT,
    busy,
    changed: state !== null && isChanged(state.base, state.draft),
    change: (part) => setState((before) => before && { ...before, draft: { ...before.draft, ...part } }),
    save,
    discard: async () => {
      setRefused(null);
      await load();
    },
    load,
  };
}
