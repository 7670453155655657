// A component whose code is fetched when it is first shown, so that a page costs only what it shows.
import type { ComponentChild, FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Empty } from "./notice.tsx";

export type LaterComponent<P> = FunctionComponent<P> & {
  /** Fetches the code, for who knows already that it will be shown. What fails is told where it is. */
  ahead: () => void;
};

/** `waiting` stands in its place until it is there. */
export function later<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  waiting: () => ComponentChild,
): LaterComponent<P> {
  let loaded: FunctionComponent<P> | null = null;
  function Later(props: P) {
    const [, setReady] = useState(loaded !== null);
    const [missing, setMissing] = useState(false);
    useEffect(() => {
      if (loaded) return;
      let current = true;
      load().then(
        (component) => {
          loaded = component;
          if (current) setReady(true);
        },
        () => current && setMissing(true),
      );
      return () => {
        current = false;
      };
    }, []);
    if (loaded) {
      const Loaded = loaded;
      return <Loaded {...props} />;
    }
    // A browser does not fetch a module again that it failed to get.
    if (missing) {
      return (
        <Empty title="This part could not be loaded">
          <button type="button" class="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </Empty>
      );
    }
    return <>{waiting()}</>;
  }
  return Object.assign(Later, { ahead: () => void load().catch(() => {}) });
}
