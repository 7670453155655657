// What the script tag says. Reading throws where there is no such tag; the build wraps the whole script for that.

// A classic script in a page runs from an HTML script element; the type also allows SVG's.
const script = document.currentScript as HTMLScriptElement;

/** `data-site` and its like, as written; undefined where absent. */
export const options = script.dataset;

export const api = options.api || new URL("/api/event", script.src);

/** Sent with every event: `data-prop-plan="pro"` (or `data-props-plan`) is `{ plan: "pro" }`. */
export const pageProps: Record<string, string> = {};

for (const { name, value } of script.attributes) {
  const key = name.split(/^data-props?-/)[1];
  if (key) pageProps[key] = value;
}
