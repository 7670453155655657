// The site's reports, or one of them being composed.
import type { SitePageProps } from "../app.tsx";
import { ReportList } from "../reports/report-list.tsx";
import { ReportView } from "../reports/report-view.tsx";
import { mapReply, useListed } from "../state/listed.ts";
import { loadReports } from "../state/reports.ts";
import { mayIn } from "../state/session.ts";

function AllReports({ site }: SitePageProps) {
  const reports = useListed(site.id, async () => mapReply(await loadReports(site.id), (reply) => reply.reports));
  return (
    <div class="reports">
      <ReportList site={site} list={reports} mayDefine={mayIn(site.teamId, "define")} />
    </div>
  );
}

export function ReportsPage({ site, item }: SitePageProps) {
  return item === undefined ? <AllReports site={site} /> : <ReportView key={item} site={site} id={item} />;
}
