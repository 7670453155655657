import { Icon } from "./icon.tsx";

/** Something chosen, with a cross where it may be taken away. */
export function Chosen({ label, onRemove }: { label: string; onRemove?: (() => void) | undefined }) {
  return (
    <span class="chosen">
      {label}
      {onRemove && (
        <button type="button" class="chip-remove" aria-label={`Remove ${label}`} onClick={onRemove}>
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  );
}
