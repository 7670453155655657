import { Icon } from "./icon.tsx";

const STEPS = ["Add the site", "Paste the snippet", "See the first visit"];

/** Where the first run stands; `at` counts from 0. */
export function Steps({ at }: { at: number }) {
  return (
    <ol class="steps" aria-label="First run">
      {STEPS.map((step, i) => (
        <li key={step} class={i < at ? "done" : ""} aria-current={i === at ? "step" : undefined}>
          <span class="step-mark">{i < at ? <Icon name="check" size={12} /> : i + 1}</span>
          {step}
        </li>
      ))}
    </ol>
  );
}
