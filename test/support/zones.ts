/** Moments near which local clocks or dates jump; where no clock does, an ordinary one. */
export const SWITCHES = [
  { timeZone: "America/New_York", at: Date.UTC(2026, 2, 8, 7) },
  { timeZone: "America/New_York", at: Date.UTC(2026, 10, 1, 6) },
  { timeZone: "Europe/London", at: Date.UTC(2026, 2, 29, 1) },
  { timeZone: "Europe/London", at: Date.UTC(2026, 9, 25, 1) },
  { timeZone: "Australia/Lord_Howe", at: Date.UTC(2026, 3, 4, 15) },
  { timeZone: "Australia/Lord_Howe", at: Date.UTC(2026, 9, 3, 15, 30) },
  { timeZone: "Asia/Kathmandu", at: Date.UTC(2026, 5, 30, 18, 15) },
  { timeZone: "Pacific/Apia", at: Date.UTC(2011, 11, 30, 10) },
] as const;
