// The trend with its text alternative: the same points as a table, for whoever cannot or would rather not read the line.
import { useEffect, useRef, useState } from "preact/hooks";
import { repaints } from "../state/theme.ts";
import type { TrendPoint } from "../state/trend.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty } from "../ui/notice.tsx";
import type { TrendChart as Drawn, TrendDrawing } from "./trend-canvas.ts";

interface TrendChartProps extends TrendDrawing {
  /** Says in a sentence what the chart shows. */
  summary: string;
  /** Changes whenever another chart is to be drawn. */
  drawingKey: string;
  exactValue: (value: number | null) => string;
}

function TrendTable({ points, describe, exactValue, summary }: TrendChartProps) {
  const compared = points.some(({ before }) => before !== null);
  return (
    <div class="trend-table">
      <table>
        <caption class="unseen">{summary}</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Value</th>
            {compared && <th scope="col">Before</th>}
          </tr>
        </thead>
        <tbody>
          {points.map((point: TrendPoint) => (
            <tr key={point.label}>
              <th scope="row">{describe(point).title}</th>
              <td>{exactValue(point.value)}</td>
              {compared && <td>{exactValue(point.before?.value ?? null)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TrendCanvas(props: TrendChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [missing, setMissing] = useState(false);
  const repaint = repaints.value;
  // The key stands for the drawing; a repaint changes its colours.
  useEffect(() => {
    let chart: Drawn | null = null;
    let gone = false;
    const draw = ({ drawTrend }: typeof import("./trend-canvas.ts")) => {
      setMissing(false);
      if (!gone && canvas.current) chart = drawTrend(canvas.current, props);
    };
    import("./trend-canvas.ts").then(draw, () => setMissing(true));
    return () => {
      gone = true;
      chart?.destroy();
    };
  }, [props.drawingKey, repaint, missing]);
  // A browser does not fetch a module again that it failed to get.
  if (missing) {
    return (
      <Empty title="The chart could not be loaded">
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      </Empty>
    );
  }
  return (
    <div class="trend-canvas">
      <canvas ref={canvas} role="img" aria-label={props.summary} />
    </div>
  );
}

export function TrendChart(props: TrendChartProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure class="trend">
      {asTable ? <TrendTable {...props} /> : <TrendCanvas {...props} />}
      <button
        type="button"
        class="button quiet small trend-toggle"
        aria-pressed={asTable}
        onClick={() => setAsTable(!asTable)}
      >
        <Icon name="table" size={14} />
        {asTable ? "Show as chart" : "Show as table"}
      </button>
    </figure>
  );
}
