// What is wrong with the site's data, in words, with what can be done; below it what was wrong and is over.
import { FAULTS } from "../../workers/domain/quality.ts";
import type { Site } from "../../workers/domain/site.ts";
import { formatDate } from "../state/format.ts";
import { type Finding, type Quality, SEEN_AT } from "../state/quality.ts";
import { siteHref } from "../state/router.ts";
import { Empty } from "../ui/notice.tsx";
import { Panel } from "./panel.tsx";

function One({ site, finding }: { site: Site; finding: Finding }) {
  const { fault, reason, from, resolvedAt } = finding;
  const { label, remedy } = FAULTS[fault];
  const more = SEEN_AT[fault];
  // As the days of the score beside it.
  const day = (at: number) => formatDate(at, undefined, site.timeZone);
  return (
    <li class={resolvedAt === null ? "quality-finding open" : "quality-finding"}>
      <p class="finding-head">
        <b>{label}</b>
        <span class="faint">
          since {day(from)}
          {resolvedAt !== null && `, over ${day(resolvedAt)}`}
        </span>
      </p>
      <p>{reason}</p>
      {resolvedAt === null && (
        <p class="faint">
          {remedy} {more && <a href={siteHref(site.id, more.page)}>{more.text}</a>}
        </p>
      )}
    </li>
  );
}

const keyOf = ({ fault, subject, from }: Finding): string => `${fault} ${subject} ${from}`;

export function QualityFindingsPanel({ site, quality }: { site: Site; quality: Quality }) {
  const open = quality.findings.filter(({ resolvedAt }) => resolvedAt === null);
  const past = quality.findings.filter(({ resolvedAt }) => resolvedAt !== null);
  const looked = quality.checkedAt === null ? "not looked at yet" : `looked at ${formatDate(quality.checkedAt)}`;
  return (
    <Panel title="What is wrong" wide aside={<span class="faint">{looked}</span>}>
      {open.length === 0 && (
        <Empty title="Nothing is wrong that the checks can tell">
          They look each hour for silence, for counts that disagree and for what a busy hour shows, and each day at
          everything.
        </Empty>
      )}
      {open.length > 0 && (
        <ul class="quality-findings">
          {open.map((finding) => (
            <One key={keyOf(finding)} site={site} finding={finding} />
          ))}
        </ul>
      )}
      {past.length > 0 && (
        <details>
          <summary>Over in the last 30 days ({past.length})</summary>
          <ul class="quality-findings">
            {past.map((finding) => (
              <One key={keyOf(finding)} site={site} finding={finding} />
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}
