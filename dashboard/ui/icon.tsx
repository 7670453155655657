// The dashboard's few line icons, drawn on a 16-unit grid in the text's colour. Always beside or inside something with a name.

import { ICON_PATHS, type IconName } from "../state/icon-paths.ts";

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={ICON_PATHS[name]} />
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
