// When reports go out and to whom, and what was sent.
import type {
  NewReportSchedule,
  ReportDelivery,
  ReportRecipient,
  ReportSchedule,
} from "../../workers/domain/report-schedule.ts";
import { type Reply, request } from "./api.ts";
import { sitePath } from "./sites.ts";

const part = encodeURIComponent;
const at = (site: string, path: string): string => `${sitePath(site)}/${path}`;
const schedulePath = (site: string, id: string): string => at(site, `report-schedules/${part(id)}`);
const deliveryPath = (site: string, id: string): string => at(site, `report-deliveries/${part(id)}`);

export const loadSchedules = (site: string): Promise<Reply<{ schedules: ReportSchedule[] }>> =>
  request(at(site, "report-schedules"));
export const saveSchedule = (
  site: string,
  schedule: NewReportSchedule,
  base: ReportSchedule | null,
): Promise<Reply<ReportSchedule>> =>
  base === null
    ? request(at(site, "report-schedules"), { method: "POST", send: schedule })
    : request(schedulePath(site, base.id), { method: "PUT", version: base.version, send: schedule });
export const removeSchedule = (site: string, id: string): Promise<Reply<null>> =>
  request(schedulePath(site, id), { method: "DELETE" });
/** Now, to one recipient, who need not be one of the schedule; to all of them when left out. */
export const sendSchedule = (site: string, id: string, recipient?: ReportRecipient): Promise<Reply<unknown>> =>
  request(`${schedulePath(site, id)}/send`, { method: "POST", send: recipient ? { recipient } : {} });

export interface DeliveriesPage {
  deliveries: ReportDelivery[];
  /** Where older ones go on; null at the end. */
  next: string | null;
}

export const loadReportDeliveries = (site: string, after: string | null = null): Promise<Reply<DeliveriesPage>> =>
  request(at(site, `report-deliveries?limit=25${after === null ? "" : `&after=${part(after)}`}`));
export const resendDelivery = (site: string, id: string): Promise<Reply<unknown>> =>
  request(`${deliveryPath(site, id)}/resend`, { method: "POST", send: {} });
export const deliveryFile = (site: string, id: string, name: string): string =>
  `${deliveryPath(site, id)}/files/${part(name)}`;

/** When the report goes out next; null where nothing sends it by the clock. */
export function nextOf(schedules: readonly ReportSchedule[], reportId: string): number | null {
  const moments = schedules.flatMap((one) => (one.reportId === reportId && one.nextAt !== null ? [one.nextAt] : []));
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Who was to get more of the schedule and wants no more. */
export const unsubscribedFrom = (deliveries: readonly ReportDelivery[], scheduleId: string): string[] => [
  ...new Set(
    deliveries.flatMap((one) => (one.scheduleId === scheduleId && one.state === "unsubscribed" ? [one.recipient] : [])),
  ),
];
