// Nothing of ours may throw into the page: every entry from outside goes through here.

/** `work` with its exceptions swallowed. */
export function safe<Args extends unknown[]>(work: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      work(...args);
    } catch {}
  };
}

/**
 * Listens on the window while capturing, so that a page that stops propagation is heard too; events of the document pass
 * the window on their way down, those that do not bubble too. Types are parted by spaces.
 */
export function on<Heard extends Event>(types: string, listener: (event: Heard) => void): void {
  // Who listens says which event its types are of.
  for (const type of types.split(" ")) addEventListener(type, safe(listener) as (event: Event) => void, true);
}
