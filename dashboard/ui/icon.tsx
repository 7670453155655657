// The dashboard's few line icons, drawn on a 16-unit grid in the text's colour. Always beside or inside something with a name.

const PATHS = {
  calendar: "M3 4.5h10v8.5H3zM3 7h10M5.5 2.5v3M10.5 2.5v3",
  check: "m3.5 8.5 3 3 6-7",
  chevron: "m4.5 6.5 3.5 3.5 3.5-3.5",
  close: "m4 4 8 8M12 4l-8 8",
  copy: "M6 6h7v7H6zM10 3.5V3H3v7h.5",
  down: "M8 3v10m0 0 4-4m-4 4L4 9",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  help: "M6 6a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.3M8 11.6v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0",
  left: "M9.5 4 5.5 8l4 4",
  moon: "M13 9.6A5.5 5.5 0 0 1 6.4 3 5.5 5.5 0 1 0 13 9.6Z",
  person: "M8 7.8a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4M2.8 13.6a5.2 5.2 0 0 1 10.4 0",
  plus: "M8 3v10M3 8h10",
  right: "m6.5 4 4 4-4 4",
  search: "M11.2 11.2 14 14M12.5 7.2a5.3 5.3 0 1 1-10.6 0 5.3 5.3 0 0 1 10.6 0",
  signout: "M6 3H3v10h3M6.5 8h7m0 0-2.5-2.5M13.5 8 11 10.5",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7",
  system: "M2.5 3.5h11v7.5h-11zM6 13.5h4M8 11v2.5",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6",
  trash: "M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.6 9h5.8l.6-9",
  up: "M8 13V3m0 0L4 7m4-4 4 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M7 22.5 13 15l4.5 4L25 9.5" />
    </svg>
  );
}
