// The report as it would arrive, drawn by the server anew whenever the draft has rested for a moment.
import { useEffect, useState } from "preact/hooks";
import type { NewReport } from "../../workers/domain/report.ts";
import type { Failure } from "../state/api.ts";
import { type FramedHtml, framedHtml } from "../state/framed-html.ts";
import { previewed } from "../state/report-draft.ts";
import { loadReportPage, previewReport } from "../state/reports.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { ReportFrame } from "./report-frame.tsx";

const REST_MS = 500;

interface PreviewProps {
  siteId: string;
  /** A draft, drawn as it stands; or the id of one that is kept. */
  report: NewReport | string;
}

function usePreview({ siteId, report }: PreviewProps) {
  const [html, setHtml] = useState<FramedHtml | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [waiting, setWaiting] = useState(true);
  const [turn, setTurn] = useState(0);
  const body = typeof report === "string" ? report : JSON.stringify(previewed(report));
  useEffect(() => {
    const stop = new AbortController();
    setWaiting(true);
    const ask = async () => {
      const reply = await (typeof report === "string"
        ? loadReportPage(siteId, report, stop.signal)
        : previewReport(siteId, previewed(report), stop.signal));
      // A later draft is already being asked for.
      if (stop.signal.aborted) return;
      setWaiting(false);
      setFailure(reply.ok ? null : reply.failure);
      if (reply.ok) setHtml(framedHtml(reply.value));
    };
    const timer = setTimeout(() => void ask(), html === null ? 0 : REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [siteId, body, turn]);
  return { html, failure, waiting, again: () => setTurn(turn + 1) };
}

export function ReportPreview(props: PreviewProps) {
  const { html, failure, waiting, again } = usePreview(props);
  return (
    <section class="panel report-preview" aria-label="Preview" aria-busy={waiting}>
      <header class="panel-head">
        <h2>Preview</h2>
        <span class="faint" role="status">
          {waiting ? "Drawing…" : ""}
        </span>
      </header>
      {failure && <Failed failure={failure} onRetry={again} />}
      {failure && failure.errors.length > 0 && (
        <ul class="faint">
          {failure.errors.map(({ path, message }) => (
            <li key={path}>
              {path}: {message}
            </li>
          ))}
        </ul>
      )}
      {!html && !failure && <Skeleton lines={8} />}
      {html && (
        <div class={waiting ? "faded" : ""}>
          <ReportFrame html={html} title="Preview of the report" />
        </div>
      )}
    </section>
  );
}
