// Whether the window is a phone's, for what is another thing there and not just narrower.
import { useEffect, useState } from "preact/hooks";

const NARROW = "(max-width: 560px)";

export function usePhone(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const look = () => setNarrow(query.matches);
    look();
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return narrow;
}
