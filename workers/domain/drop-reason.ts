/** Why a beacon was not stored. Each is counted per site and hour; nothing else of the beacon is kept. */
export const DROP_REASONS = {
  invalid: "the event did not fit the schema",
  bot: "the user agent is a known bot",
  do_not_track: "the browser sent DNT or Global Privacy Control",
  hostname: "the page's host is not in the site's list",
  excluded: "the page is one that the site leaves out",
  too_old: "the event lies more than 72 hours back",
  in_future: "the event lies more than 5 minutes ahead",
  limited: "the site was over its limit of events a second; the sender was asked to try again later",
  quarantine_full: "the event was in quarantine, and more came than it holds while it could not be written away",
  no_consent: "the visitor refused analytics",
  no_answer: "the visitor had not answered yet, and the site counts nobody before that",
  withdrawn: "the user or browser had taken the consent back",
} as const;

/** Not final, as the others are: what was refused for this may be sent again. */
export const LIMITED = "limited";

export type DropReason = keyof typeof DROP_REASONS;
