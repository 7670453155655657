// Light, dark or as the system says. Kept in localStorage under the key that public/theme.js reads before the first paint.
import { signal } from "@preact/signals";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "edgewise.theme";

function stored(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    return "auto";
  }
}

export const theme = signal<Theme>("auto");
/** Counts up whenever colours may have changed, so that canvases draw again. */
export const repaints = signal(0);

export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  repaints.value++;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage may be off; the choice then lasts until the page closes.
  }
}

export function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
  if (next) setTheme(next);
}

export function startTheme(): void {
  setTheme(stored());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaints.value++);
}
