// Nothing of ours may throw into the page: every entry from outside goes through here.

/** `work` with its exceptions swallowed. */
export function safe<Args extends unknown[]>(work: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      work(...args);
    } catch {}
  };
}

/** Events of the document pass the window on their way down, those that do not bubble too. */
type Heard = WindowEventMap & DocumentEventMap & { prerenderingchange: Event };

/** Listens on the window while capturing, so that a page that stops propagation is heard too. */
export function on<Type extends keyof Heard>(types: Type[], listener: (event: Heard[Type]) => void): void {
  // The window's own list of event types leaves out the document's, which makes this a plain listener for TypeScript.
  for (const type of types) addEventListener(type, safe(listener) as (event: Event) => void, true);
}
