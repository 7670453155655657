// Every value of a dimension with more figures, searchable, a page at a time.

import { useState } from "preact/hooks";
import { amountOf } from "../../workers/domain/money.ts";
import { Value } from "../charts/value.tsx";
import { useAnswer } from "../state/answers.ts";
import { dimensionLabel } from "../state/dimensions.ts";
import { formatMetric } from "../state/format.ts";
import { METRICS, type MetricName } from "../state/metrics.ts";
import { breakdownQuestion } from "../state/questions.ts";
import { useViewing } from "../state/viewing.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

const PAGE = 50;

function metricsFor(dimension: string): MetricName[] {
  // A page is seen within a visit, so bounce and duration belong to the visit's own dimensions.
  return dimension.startsWith("event:")
    ? ["visitors", "visits", "pageviews"]
    : ["visitors", "visits", "bounce_rate", "visit_duration"];
}

export function Details({ dimension, onClose }: { dimension: string; onClose: () => void }) {
  const viewing = useViewing();
  const [search, setSearch] = useState("");
  const [limit, setLimit] = useState(PAGE);
  const metrics = metricsFor(dimension);
  // One more than shown tells whether there are more.
  const { result, failure, retry, loading } = useAnswer(
    breakdownQuestion(viewing, { dimension, metrics, limit: limit + 1, search: search.trim() }),
  );
  const rows = result?.results.slice(0, limit);
  const label = dimensionLabel(dimension);
  return (
    <Dialog title={label} onClose={onClose} wide>
      <label class="search">
        <Icon name="search" />
        <span class="unseen">Search</span>
        <input
          class="input"
          type="search"
          placeholder={`Search ${label.toLowerCase()}`}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </label>
      {failure && <Failed failure={failure} onRetry={retry} />}
      {!failure && !rows && <Skeleton lines={10} />}
      {rows?.length === 0 && <Empty title="No value contains that">Try a shorter search.</Empty>}
      {rows && rows.length > 0 && (
        <div class={loading ? "details faded" : "details"}>
          <table>
            <thead>
              <tr>
                <th scope="col">{label}</th>
                {metrics.map((metric) => (
                  <th key={metric} scope="col">
                    {METRICS[metric].label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.dimensions[0]}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link"
                      onClick={() => {
                        onClose();
                        viewing.toggle({ operator: "is", dimension, values: [row.dimensions[0] ?? ""] });
                      }}
                    >
                      <Value dimension={dimension} value={row.dimensions[0] ?? ""} />
                    </button>
                  </th>
                  {metrics.map((metric, i) => (
                    <td key={metric}>{formatMetric(amountOf(row.metrics[i]), METRICS[metric])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {result && result.results.length > limit && (
            <button type="button" class="button" onClick={() => setLimit(limit + 100)}>
              Show more
            </button>
          )}
        </div>
      )}
    </Dialog>
  );
}
