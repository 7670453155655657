// A moment, typed as date and time of the browser's zone.
import { Field } from "./field.tsx";

interface MomentInputProps {
  label: string;
  /** Milliseconds. */
  value: number;
  onValue: (at: number) => void;
  error?: string | undefined;
}

const two = (part: number): string => String(part).padStart(2, "0");

function written(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function MomentInput({ label, value, onValue, error }: MomentInputProps) {
  return (
    <Field label={label} error={error}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          type="datetime-local"
          required
          value={written(value)}
          onChange={(event) => {
            const at = new Date(event.currentTarget.value).getTime();
            if (Number.isFinite(at)) onValue(at);
          }}
        />
      )}
    </Field>
  );
}
