import { useEffect, useState } from "preact/hooks";
import { amountOf } from "../../workers/domain/money.ts";
import type { Site } from "../../workers/domain/site.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { loadClaim } from "../state/access.ts";
import { useAnswer } from "../state/answers.ts";
import { formatCount } from "../state/format.ts";
import { METRICS } from "../state/metrics.ts";
import { dayQuestion, sparkQuestion } from "../state/questions.ts";
import { siteHref } from "../state/router.ts";
import { mayAnywhere, session } from "../state/session.ts";
import { loadSites, sites, sitesFailure } from "../state/sites.ts";
import { Change } from "../ui/change.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

function SiteCard({ site }: { site: Site }) {
  const day = useAnswer(dayQuestion(site.id));
  const spark = useAnswer(sparkQuestion(site.id));
  const row = day.result?.results[0];
  const hours = new Map(
    spark.result?.results.map((hour) => [hour.dimensions[0] ?? "", amountOf(hour.metrics[0]) ?? 0]),
  );
  const values = (spark.result?.meta.time_labels ?? []).map((label) => hours.get(label) ?? 0);
  return (
    <a class="panel site-card" href={siteHref(site.id)}>
      <span class="site-card-name">{site.name}</span>
      <span class="site-card-id">{site.name === site.id ? site.timeZone : site.id}</span>
      <span class="site-card-line">{values.length > 1 && <Sparkline values={values} />}</span>
      <span class="site-card-figures">
        <b>{row ? formatCount(amountOf(row.metrics[0]) ?? 0) : "–"}</b> visitors in 24 h
        <Change change={row?.comparison?.change[0]} metric={METRICS.visitors} />
      </span>
    </a>
  );
}

function FirstSite() {
  return (
    <section class="panel welcome">
      <h2>Add your first site</h2>
      <p>Three steps: name the site, paste one line into its pages, and watch the first visit arrive.</p>
      <a class="button primary tall" href="/new">
        <Icon name="plus" />
        Add a site
      </a>
    </section>
  );
}

function NoSites() {
  return <Empty title="No site to see yet">Ask an admin to add you to a team that has one.</Empty>;
}

/** Shown to the holder of the token until the deployment has an owner. */
function ClaimHint() {
  const [claimed, setClaimed] = useState(true);
  const holdsToken = session.value.phase === "in" && !session.value.session.person && mayAnywhere("team");
  useEffect(() => {
    if (holdsToken) void loadClaim().then((reply) => reply.ok && setClaimed(reply.value.claimed));
  }, [holdsToken]);
  if (claimed) return null;
  return (
    <p class="banner claim-hint">
      Only the server's token opens this deployment so far. <a href="/claim">Make yourself its owner</a> to sign in by
      e-mail and invite others.
    </p>
  );
}

export function SitesPage() {
  const list = sites.value;
  return (
    <>
      <div class="page-head">
        <h1>Sites</h1>
        {list && list.length > 0 && mayAnywhere("sites") && (
          <a class="button primary" href="/new">
            <Icon name="plus" />
            Add a site
          </a>
        )}
      </div>
      {!list && sitesFailure.value && <Failed failure={sitesFailure.value} onRetry={() => void loadSites()} />}
      {!list && !sitesFailure.value && (
        <div class="site-cards">
          {[1, 2, 3].map((i) => (
            <div key={i} class="panel site-card">
              <Skeleton lines={4} />
            </div>
          ))}
        </div>
      )}
      <ClaimHint />
      {list?.length === 0 && (mayAnywhere("sites") ? <FirstSite /> : <NoSites />)}
      {list && list.length > 0 && (
        <div class="site-cards">
          {list.map((site) => (
            <SiteCard key={site.id} site={site} />
          ))}
        </div>
      )}
    </>
  );
}
