// One of a few, as a labelled drop-down that takes little room.
interface ChoiceProps<T extends string> {
  label: string;
  chosen: T;
  options: readonly { id: T; label: string }[];
  onChoose: (id: T) => void;
}

export function Choice<T extends string>({ label, chosen, options, onChoose }: ChoiceProps<T>) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select
        class="input"
        value={chosen}
        onChange={(event) => {
          const found = options.find(({ id }) => id === event.currentTarget.value);
          if (found) onChoose(found.id);
        }}
      >
        {options.map(({ id, label: text }) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
