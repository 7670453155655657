// Whether the site's figures can be trusted: the score with its reasons, what is wrong, and the owner's rules.
import { useEffect, useState } from "preact/hooks";
import type { SitePageProps } from "../app.tsx";
import { QualityFindingsPanel } from "../panels/quality-findings.tsx";
import { QualityRulesPanel } from "../panels/quality-rules.tsx";
import { QualityEventsPanel, QualityScorePanel } from "../panels/quality-score.tsx";
import type { Failure } from "../state/api.ts";
import { loadQuality, type Quality } from "../state/quality.ts";
import { place } from "../state/router.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";

export function QualityPage({ site }: SitePageProps) {
  const [quality, setQuality] = useState<Quality | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const event = new URLSearchParams(place.value.query).get("event") ?? "";
  const load = async () => {
    const reply = await loadQuality(site.id, event);
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setQuality(reply.value);
  };
  useEffect(() => void load(), [site.id, event]);
  return (
    <>
      <div class="page-head">
        <h1>Data quality</h1>
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!quality && !failure && <Skeleton lines={6} />}
      {quality && (
        <div class="panels">
          <QualityScorePanel site={site} quality={quality} />
          <QualityFindingsPanel site={site} quality={quality} />
          <QualityEventsPanel site={site} quality={quality} />
          <QualityRulesPanel site={site} quality={quality} />
        </div>
      )}
    </>
  );
}
