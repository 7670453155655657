// A report's page within ours, as high as what is in it.
import { useEffect, useRef, useState } from "preact/hooks";
import { applyStyles, type FramedHtml } from "../state/framed-html.ts";

const LEAST_HEIGHT = 400;

export function ReportFrame({ html, title }: { html: FramedHtml; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const watching = useRef<ResizeObserver | null>(null);
  const [height, setHeight] = useState(LEAST_HEIGHT);
  const onLoad = () => {
    const inside = frame.current?.contentDocument;
    if (!inside) return;
    applyStyles(inside, html.sheets);
    // It is as high as what is in it, also when something in it is unfolded.
    watching.current?.disconnect();
    watching.current = new ResizeObserver(() =>
      setHeight(Math.ceil(inside.documentElement.getBoundingClientRect().height)),
    );
    watching.current.observe(inside.documentElement);
  };
  useEffect(() => () => watching.current?.disconnect(), []);
  return (
    // No script runs in it: the origin is kept so that its styles can be set from here.
    <iframe
      ref={frame}
      class="report-frame"
      title={title}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      srcdoc={html.html}
      style={{ height: `${height}px` }}
      onLoad={onLoad}
    />
  );
}
