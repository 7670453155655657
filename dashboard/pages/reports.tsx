// The site's reports, when they go out and what was sent; or one of them being composed.
import type { SitePageProps } from "../app.tsx";
import { ReportHistory } from "../reports/report-history.tsx";
import { ReportList } from "../reports/report-list.tsx";
import { ReportView } from "../reports/report-view.tsx";
import { ScheduleList } from "../reports/schedule-list.tsx";
import { mapReply, useListed } from "../state/listed.ts";
import { loadReportDeliveries, loadSchedules, unsubscribedFrom } from "../state/report-schedules.ts";
import { loadReports } from "../state/reports.ts";
import { mayIn } from "../state/session.ts";

function AllReports({ site }: SitePageProps) {
  const mayDefine = mayIn(site.teamId, "define");
  const reports = useListed(site.id, async () => mapReply(await loadReports(site.id), (reply) => reply.reports));
  const schedules = useListed(site.id, async () => mapReply(await loadSchedules(site.id), (reply) => reply.schedules));
  const sent = useListed(site.id, async () => mapReply(await loadReportDeliveries(site.id), (page) => [page]));
  const known = reports.items ?? [];
  return (
    <div class="reports">
      <ReportList site={site} list={reports} schedules={schedules.items} mayDefine={mayDefine} />
      {mayDefine && (
        <>
          <ScheduleList
            site={site}
            list={schedules}
            reports={known}
            maySend={mayIn(site.teamId, "shares")}
            unsubscribed={(id) => unsubscribedFrom(sent.items?.[0]?.deliveries ?? [], id)}
            onSent={() => void sent.load()}
          />
          <ReportHistory
            siteId={site.id}
            list={sent}
            schedules={schedules.items ?? []}
            reportName={(id) => known.find((one) => one.id === id)?.name ?? "A removed report"}
          />
        </>
      )}
    </div>
  );
}

export function ReportsPage({ site, item }: SitePageProps) {
  return item === undefined ? <AllReports site={site} /> : <ReportView key={item} site={site} id={item} />;
}
