// What fires now, the rules that make it, and who is told.
import { useEffect, useState } from "preact/hooks";
import type { SitePageProps } from "../app.tsx";
import { AlertChannels } from "../panels/alert-channels.tsx";
import { AlertDeliveries } from "../panels/alert-deliveries.tsx";
import { AlertHistory } from "../panels/alert-history.tsx";
import { AlertIncidents } from "../panels/alert-incidents.tsx";
import { AlertOnCall } from "../panels/alert-on-call.tsx";
import { AlertPolicies } from "../panels/alert-policies.tsx";
import { AlertQuiet } from "../panels/alert-quiet.tsx";
import { AlertRules } from "../panels/alert-rules.tsx";
import {
  type AlertKinds,
  type AlertRule,
  loadChannels,
  loadDeliveries,
  loadKinds,
  loadRules,
} from "../state/alerts.ts";
import type { Failure } from "../state/api.ts";
import { ANY_INCIDENT, firing, loadIncidents } from "../state/incidents.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { loadPolicies, loadRotations } from "../state/on-call.ts";
import { mayIn } from "../state/session.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";

function useKinds() {
  const [kinds, setKinds] = useState<AlertKinds | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    void loadKinds().then((reply) => (reply.ok ? setKinds(reply.value) : setFailure(reply.failure)));
  }, []);
  return { kinds, failure };
}

interface RestProps extends SitePageProps {
  kinds: AlertKinds;
  rules: Listed<AlertRule>;
}

function ForDefiners({ site, kinds, rules }: RestProps) {
  const channels = useListed(site.id, async () => mapReply(await loadChannels(site.id), (reply) => reply.channels));
  const sent = useListed(site.id, async () => mapReply(await loadDeliveries(site.id), (reply) => reply.deliveries));
  const rotations = useListed(site.id, async () => mapReply(await loadRotations(site.id), (reply) => reply.rotations));
  const policies = useListed(site.id, async () => mapReply(await loadPolicies(site.id), (reply) => reply.policies));
  const known = channels.items ?? [];
  const isOwner = mayIn(site.teamId, "settings");
  return (
    <>
      <AlertRules siteId={site.id} kinds={kinds} list={rules} channels={known} mayDefine />
      <AlertQuiet siteId={site.id} rules={rules} />
      <AlertOnCall siteId={site.id} teamId={site.teamId} channels={known} rotations={rotations} />
      <AlertPolicies siteId={site.id} list={policies} channels={known} rotations={rotations.items ?? []} />
      <AlertChannels siteId={site.id} kinds={kinds} list={channels} isOwner={isOwner} />
      <AlertDeliveries siteId={site.id} list={sent} channels={known} isOwner={isOwner} />
    </>
  );
}

function ForReaders({ site, kinds, rules }: RestProps) {
  return (
    <>
      <AlertOnCall siteId={site.id} teamId={site.teamId} channels={[]} rotations={null} />
      <AlertRules siteId={site.id} kinds={kinds} list={rules} channels={[]} mayDefine={false} />
    </>
  );
}

export function AlertsPage({ site }: SitePageProps) {
  const { kinds, failure } = useKinds();
  const [filter, setFilter] = useState(ANY_INCIDENT);
  // What begins to fire, or no longer does, is in the list as soon as the badge says so.
  const open = firing.value?.incidents.map(({ id, turn }) => `${id} ${turn}`).join() ?? "";
  const asked = `${site.id} ${JSON.stringify(filter)} ${open}`;
  const incidents = useListed(asked, async () =>
    mapReply(await loadIncidents(site.id, filter), (reply) => reply.incidents),
  );
  const rules = useListed(site.id, async () => mapReply(await loadRules(site.id), (reply) => reply.rules));
  const mayDefine = mayIn(site.teamId, "define");
  const Rest = mayDefine ? ForDefiners : ForReaders;
  return (
    <div class="narrow">
      <div class="page-head">
        <h1>Alerts</h1>
      </div>
      <AlertIncidents
        site={site}
        list={incidents}
        mayAct={mayDefine}
        filter={filter}
        onFilter={setFilter}
        rules={rules.items ?? []}
      />
      <AlertHistory siteId={site.id} turn={open} />
      {failure && <Failed failure={failure} />}
      {kinds ? <Rest site={site} kinds={kinds} rules={rules} /> : <Skeleton lines={4} />}
    </div>
  );
}
