// The code that a mailed link carries behind its hash, where no server sees it. It is taken out of the address at once.
import { useEffect, useState } from "preact/hooks";

function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) history.replaceState(null, "", location.pathname + location.search);
  return code;
}

export function useCode(): string | null {
  const [code, setCode] = useState(takeCode);
  useEffect(() => {
    // A link followed in a tab that is already on its page changes nothing but the fragment.
    const take = () => setCode((held) => takeCode() ?? held);
    addEventListener("hashchange", take);
    return () => removeEventListener("hashchange", take);
  }, []);
  return code;
}
