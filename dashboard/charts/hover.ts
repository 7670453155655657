// The place along time that the reader points at, in whichever chart; all charts by time show it.
import { signal } from "@preact/signals";

export const hovered = signal<string | null>(null);
