import { useId } from "preact/hooks";

const zones = (): string[] => ["UTC", ...Intl.supportedValuesOf("timeZone")];

interface TimeZoneInputProps {
  id: string;
  value: string;
  onChange: (zone: string) => void;
}

/** A text field that suggests the browser's IANA zones. */
export function TimeZoneInput({ id, value, onChange }: TimeZoneInputProps) {
  const list = useId();
  return (
    <>
      <input
        id={id}
        class="input"
        list={list}
        value={value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={list}>
        {zones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}

export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
