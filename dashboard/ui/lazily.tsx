// A page whose script is fetched when it is first shown.
import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Empty, Skeleton } from "./notice.tsx";

export function lazily(load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | null = null;
  return function Lazy() {
    const [state, setState] = useState<"loading" | "loaded" | "missing">(loaded ? "loaded" : "loading");
    useEffect(() => {
      load().then(
        (page) => {
          loaded = page;
          setState("loaded");
        },
        () => setState("missing"),
      );
    }, []);
    if (state === "loaded" && loaded) return h(loaded, null);
    if (state === "loading") return <Skeleton lines={8} />;
    // A browser does not fetch a module again that it failed to get.
    return (
      <Empty title="The page could not be loaded">
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload
        </button>
      </Empty>
    );
  };
}
