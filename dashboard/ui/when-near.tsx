// What is far below the window waits: it asks for nothing and loads no chart until the reader comes near. Once shown it stays.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Two rows of a board ahead, so that it is there by the time it is scrolled to. */
const AHEAD = "160px";

export function WhenNear({ waiting, children }: { waiting: ComponentChildren; children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    const show = () => setNear(true);
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && show(), {
      rootMargin: AHEAD,
    });
    watch.observe(place.current);
    // Paper has no window.
    addEventListener("beforeprint", show);
    return () => {
      watch.disconnect();
      removeEventListener("beforeprint", show);
    };
  }, []);
  if (near) return <>{children}</>;
  return (
    <div class="far" ref={place}>
      {waiting}
    </div>
  );
}
