/** Why a beacon was not stored. Each is counted per site and hour; beside that, a few samples of what it was refused for. */
export const DROP_REASONS = {
  invalid: "the event did not fit the schema",
  bot: "the user agent is a known bot",
  do_not_track: "the browser sent DNT or Global Privacy Control",
  hostname: "the page's host is not in the site's list",
  excluded: "the page is one that the site leaves out",
  spam: "the link came from a site that is left out as spam",
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

/** What a sample names: the very thing that was refused, and nothing of who sent it. Of other reasons there is none. */
export const SAMPLED = {
  bot: "what the agent calls itself",
  hostname: "the host",
  excluded: "the pattern of the site's settings",
  spam: "the entry of the site's settings",
  invalid: "the field",
} as const satisfies Partial<Record<DropReason, string>>;

const SAMPLE_LENGTH = 100;

/** How a refusal is counted on its way to the shard: the reason, and after a space what it was for. */
export function dropName(reason: string, detail = ""): string {
  return detail === "" ? reason : `${reason} ${detail.slice(0, SAMPLE_LENGTH)}`;
}

export function splitDrop(name: string): { reason: string; detail: string } {
  const end = name.indexOf(" ");
  return end < 0 ? { reason: name, detail: "" } : { reason: name.slice(0, end), detail: name.slice(end + 1) };
}
