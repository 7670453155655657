// A report as whoever has its link sees it: the page of its last whole period, and its files where the link gives them.
import { useEffect, useState } from "preact/hooks";
import type { ReportFormat } from "../../workers/domain/report.ts";
import type { SharedReport } from "../state/access.ts";
import type { Failure } from "../state/api.ts";
import { type FramedHtml, framedHtml } from "../state/framed-html.ts";
import { downloadShared, loadSharedPage } from "../state/reports.ts";
import { Logo } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { DownloadMenu } from "./download-menu.tsx";
import { ReportFrame } from "./report-frame.tsx";

function useSharedPage(id: string) {
  const [html, setHtml] = useState<FramedHtml | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    void loadSharedPage(id, stop.signal).then((reply) => {
      if (stop.signal.aborted) return;
      setFailure(reply.ok ? null : reply.failure);
      if (reply.ok) setHtml(framedHtml(reply.value));
    });
    return () => stop.abort();
  }, [id, turn]);
  return { html, failure, again: () => setTurn(turn + 1) };
}

export function SharedReportPage({ id, report }: { id: string; report: SharedReport }) {
  const { html, failure, again } = useSharedPage(id);
  const [told, setTold] = useState<string | null>(null);
  const { name, siteName, files } = report;
  useEffect(() => {
    document.title = `${name} · ${siteName}`;
  }, [name, siteName]);
  const take = async (format: ReportFormat) => {
    setTold("Making the file…");
    setTold(await downloadShared(id, { name, format }));
  };
  return (
    <main class="shared-report">
      <div class="page-head report-head">
        <div>
          <span class="faint">{siteName}</span>
          <h1>{name}</h1>
        </div>
        <div class="actions">
          {files.length > 0 && (
            <DownloadMenu title="Download the report" note={null} onTake={(format) => void take(format)} />
          )}
        </div>
      </div>
      <p class="report-told" role="status">
        {told}
      </p>
      {failure && <Failed failure={failure} onRetry={again} />}
      {!html && !failure && <Skeleton lines={8} />}
      {html && <ReportFrame html={html} title={name} />}
      <p class="shared-report-by faint">
        <Logo /> Made with Edgewise
      </p>
    </main>
  );
}
