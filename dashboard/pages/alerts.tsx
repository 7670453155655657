// What fires now, the rules that make it, and who is told.
import { useEffect, useState } from "preact/hooks";
import type { SitePageProps } from "../app.tsx";
import { AlertChannels } from "../panels/alert-channels.tsx";
import { AlertDeliveries } from "../panels/alert-deliveries.tsx";
import { AlertIncidents } from "../panels/alert-incidents.tsx";
import { AlertRules } from "../panels/alert-rules.tsx";
import { type AlertKinds, loadChannels, loadDeliveries, loadIncidents, loadKinds, loadRules } from "../state/alerts.ts";
import type { Failure } from "../state/api.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { mayIn } from "../state/session.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";

const LOOK_AGAIN_MS = 30_000;

function useKinds() {
  const [kinds, setKinds] = useState<AlertKinds | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    void loadKinds().then((reply) => (reply.ok ? setKinds(reply.value) : setFailure(reply.failure)));
  }, []);
  return { kinds, failure };
}

function ForDefiners({ site, kinds }: SitePageProps & { kinds: AlertKinds }) {
  const channels = useListed(site.id, async () => mapReply(await loadChannels(site.id), (reply) => reply.channels));
  const rules = useListed(site.id, async () => mapReply(await loadRules(site.id), (reply) => reply.rules));
  const sent = useListed(site.id, async () => mapReply(await loadDeliveries(site.id), (reply) => reply.deliveries));
  const known = channels.items ?? [];
  const isOwner = mayIn(site.teamId, "settings");
  return (
    <>
      <AlertRules siteId={site.id} kinds={kinds} list={rules} channels={known} mayDefine />
      <AlertChannels siteId={site.id} kinds={kinds} list={channels} isOwner={isOwner} />
      <AlertDeliveries siteId={site.id} list={sent} channels={known} isOwner={isOwner} />
    </>
  );
}

function ForReaders({ site, kinds }: SitePageProps & { kinds: AlertKinds }) {
  const rules = useListed(site.id, async () => mapReply(await loadRules(site.id), (reply) => reply.rules));
  return <AlertRules siteId={site.id} kinds={kinds} list={rules} channels={[]} mayDefine={false} />;
}

export function AlertsPage({ site }: SitePageProps) {
  const { kinds, failure } = useKinds();
  const incidents = useListed(site.id, async () => mapReply(await loadIncidents(site.id), (reply) => reply.incidents));
  useEffect(() => {
    const again = setInterval(() => void incidents.load(), LOOK_AGAIN_MS);
    return () => clearInterval(again);
  }, [site.id]);
  const mayDefine = mayIn(site.teamId, "define");
  const Rest = mayDefine ? ForDefiners : ForReaders;
  return (
    <div class="narrow">
      <div class="page-head">
        <h1>Alerts</h1>
      </div>
      <AlertIncidents siteId={site.id} list={incidents} mayAct={mayDefine} />
      {failure && <Failed failure={failure} />}
      {kinds ? <Rest site={site} kinds={kinds} /> : <Skeleton lines={4} />}
    </div>
  );
}
