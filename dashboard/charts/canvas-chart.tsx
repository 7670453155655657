// A canvas whose drawing is loaded when it is first shown, and drawn again when the colours change.
import { useEffect, useRef, useState } from "preact/hooks";
import { repaints } from "../state/theme.ts";
import { Empty } from "../ui/notice.tsx";

export interface Drawn {
  destroy(): void;
}

interface CanvasChartProps {
  /** Says in a sentence what the chart shows. */
  summary: string;
  /** Changes whenever another chart is to be drawn. */
  drawingKey: string;
  /** Imports what draws, and gives back the drawing. */
  load: () => Promise<(canvas: HTMLCanvasElement) => Drawn>;
}

export function CanvasChart({ summary, drawingKey, load }: CanvasChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [missing, setMissing] = useState(false);
  const repaint = repaints.value;
  // The key stands for the drawing; a repaint changes its colours.
  useEffect(() => {
    let chart: Drawn | null = null;
    let gone = false;
    load().then(
      (draw) => {
        setMissing(false);
        if (!gone && canvas.current) chart = draw(canvas.current);
      },
      () => setMissing(true),
    );
    return () => {
      gone = true;
      chart?.destroy();
    };
  }, [drawingKey, repaint, missing]);
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
    <div class="canvas-chart">
      <canvas ref={canvas} role="img" aria-label={summary} />
    </div>
  );
}
