// What a place shows when it has nothing to show: why, and what to do next.
import type { ComponentChildren } from "preact";
import type { Failure } from "../state/api.ts";

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="notice">
      <p class="notice-title">{title}</p>
      {children && <div class="notice-text">{children}</div>}
    </div>
  );
}

export function Failed({ failure, onRetry }: { failure: Failure; onRetry?: () => void }) {
  return (
    <div class="notice" role="alert">
      <p class="notice-title">{failure.title}</p>
      <p class="notice-text">{failure.detail}</p>
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Grey lines in the place of text to come. */
export function Skeleton({ lines, class: extra = "" }: { lines: number; class?: string }) {
  return (
    <div class={`skeleton ${extra}`} aria-hidden="true">
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} style={{ width: `${92 - ((i * 17) % 55)}%` }} />
      ))}
    </div>
  );
}
