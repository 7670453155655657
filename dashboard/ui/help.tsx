import { PRESETS } from "../state/periods.ts";
import { NUMBERED, SITE_PAGES } from "../state/site-pages.ts";
import { Dialog } from "./dialog.tsx";

const KEYS: [string, [string, string][]][] = [
  [
    "Go to",
    [...NUMBERED.map((page, i): [string, string] => [String(i + 1), SITE_PAGES[page].label]), ["0", "All sites"]],
  ],
  [
    "Overview",
    [
      ["← →", "Period before, after"],
      ["c", "Comparison on, off"],
      ["/", "Add a filter"],
      ["x", "Remove all filters"],
      ["r", "Refresh"],
    ],
  ],
  [
    "Anywhere",
    [
      ["Ctrl K", "Find a page, board, site or period"],
      ["s", "Light, dark or system colours"],
      ["?", "This help"],
    ],
  ],
];

const periodKeys = Object.values(PRESETS).flatMap((preset): [string, string][] =>
  "key" in preset ? [[preset.key, preset.label]] : [],
);

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <div class="help">
        {[...KEYS, ["Period", periodKeys] as const].map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="help-more">
        Building on it? <a href="/docs">The API, operation by operation</a>
      </p>
    </Dialog>
  );
}
